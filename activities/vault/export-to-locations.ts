import { exportDatabase } from '../backup/export-database.ts';
import { abortable } from './abortable.ts';
import type { VaultWriting } from './dependencies.ts';
import { TableFingerprinter } from './fingerprint-tables.ts';
import type { VaultWork } from './location.ts';
import type { BackupManifest } from './manifest.ts';
import { untrustworthy } from './untrustworthy.ts';
import { type Destination, type WrittenDocument, writeToLocations } from './write-to-locations.ts';

/** A document that was written, and what it holds. */
export interface WrittenBackup extends WrittenDocument {
  readonly content: BackupManifest['content'];
}

/**
 * Exports the database once and writes it to every location.
 *
 * @throws what the export throws: then the object appears nowhere
 */
export async function exportToLocations(
  deps: VaultWriting,
  destination: Destination & { readonly schemas: readonly string[] },
  work: VaultWork,
): Promise<WrittenBackup> {
  return deps.database.session((session) =>
    // Inside the session: leaving it closes the connection, whatever it hangs on.
    abortable(work.signal, async () => {
      const copy = exportDatabase({
        session,
        schemas: destination.schemas,
        schemaDumper: deps.schemaDumper,
        helpers: { database: deps.database, sessions: 1 },
      });
      const tables = new TableFingerprinter();
      const { body, giveBack } = copy;
      const document = { body, giveBack, witness: tables };
      const written = await writeToLocations(document, destination, deps.keyring, work);
      return { ...written, content: contentOf(copy.summary(), tables) };
    }),
  );
}

function contentOf(
  { header, rowCounts }: ReturnType<ReturnType<typeof exportDatabase>['summary']>,
  found: TableFingerprinter,
): BackupManifest['content'] {
  const same =
    rowCounts.length === found.tables.length &&
    rowCounts.every(({ schema, name, rows }, index) => {
      const table = found.tables[index];
      return table?.schema === schema && table.name === name && table.rows === rows;
    });
  if (!same) throw untrustworthy('The export', 'counts other rows than it holds');
  return {
    format: header.format,
    version: header.version,
    bytes: found.bytes,
    database: header.database,
    serverVersion: header.serverVersion,
    snapshotAt: header.snapshotAt,
    lsn: header.lsn,
    tables: found.tables,
  };
}
