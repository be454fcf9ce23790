import { openSqlDump } from '../backup/sql-dump.ts';
import { abortable } from './abortable.ts';
import type { VaultWriting } from './dependencies.ts';
import type { WrittenBackup } from './export-to-locations.ts';
import type { VaultWork } from './location.ts';
import { type Destination, writeToLocations } from './write-to-locations.ts';

/** What the content of a SQL dump is called in its manifest; its version is of how the rows are fingerprinted. */
const sqlDumpFormat = { name: 'postgresql-dump', version: 1 } as const;

/**
 * Dumps the database as SQL and writes that to every location.
 *
 * @throws what the dump throws, `verification-failed` where its end or a table is missing: then there is no backup
 */
export async function dumpToLocations(
  deps: VaultWriting,
  destination: Destination & { readonly schemas: readonly string[] },
  work: VaultWork,
): Promise<WrittenBackup> {
  return deps.database.session((session) =>
    abortable(work.signal, async () => {
      const dump = await openSqlDump({
        ...deps.sql,
        session,
        schemas: destination.schemas,
        signal: work.signal,
      });
      const document = { body: dump.body, witness: dump.reader };
      const written = await writeToLocations(document, destination, deps.keyring, work);
      dump.requireWhole();
      const { database, serverVersion, snapshotAt, lsn } = dump.snapshot;
      return {
        ...written,
        content: {
          format: sqlDumpFormat.name,
          version: sqlDumpFormat.version,
          bytes: dump.reader.bytes,
          ...{ database, serverVersion, snapshotAt, lsn },
          tables: dump.reader.tables,
        },
      };
    }),
  );
}
