import { pipeline } from 'node:stream';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import { sealedExport, spool } from '../backup/export-file.ts';
import { importDatabase } from '../backup/import-database.ts';
import type { Database, SchemaDump } from '../ports.ts';
import { type TableFingerprint, TableFingerprinter } from '../vault/fingerprint-tables.ts';
import type { OpenedBackup } from './backup-source.ts';
import { restoreSchema, type SchemaFailure } from './restore-schema.ts';
import { digestingRows, type RowDigest, type RowDigests } from './row-digests.ts';
import { readSchemaInHeader } from './schema-in-header.ts';

/** What was brought into the database. */
export interface RestoredBackup {
  readonly read: readonly TableFingerprint[];
  readonly readRows: RowDigests;
  readonly checks: readonly OperationCheck[];
}

/** How to restore. */
export interface RestoreOptions {
  /** For a backup that holds no schema: that of production. */
  readonly schemaElsewhere: () => Promise<SchemaDump>;
  /** Whether missing roles may be made on the server. */
  readonly makeRoles: boolean;
  readonly progress: (doing: string) => void;
}

/**
 * Restores schema and rows into an empty database: tables first, then rows, then indexes, keys and triggers, so that
 * triggers do not run and indexes are built once. The export lies in a file without a name meanwhile.
 *
 * @throws DrError `database-unreachable` (retried), and what the rows cannot be loaded for: `verification-failed`,
 *   `database-query-failed`, `input-invalid`
 */
export async function restoreBackup(
  database: Database,
  backup: OpenedBackup,
  { schemaElsewhere, makeRoles, progress }: RestoreOptions,
): Promise<RestoredBackup> {
  const fingerprinter = new TableFingerprinter();
  const readRows = new Map<string, RowDigest>();
  const passing = pipeline(backup.body, fingerprinter, () => undefined);
  const kept = await spool(digestingRows(passing, readRows));
  try {
    const file = await sealedExport(kept.fd, await kept.size());
    const schemaDump = await readSchemaInHeader(file.read());
    const schema = schemaDump ?? (await schemaElsewhere());
    const beforeEach = (object: string) => progress(`making ${object}`);
    const make = (sql: string) =>
      database.session((session) => restoreSchema(session, sql, { makeRoles, beforeEach }));
    const before = await make(schema.preData);
    await importDatabase(
      { database, file },
      { mode: 'refuse', progress: (bytes) => progress(`loading rows, ${bytes} of ${file.bytes} bytes`) },
    );
    const after = await make(schema.postData);
    const checks = [schemaIsThere(schemaDump), everyObjectMade([...before, ...after])];
    return { read: fingerprinter.tables, readRows, checks };
  } finally {
    await kept.close();
  }
}

function schemaIsThere(schema: SchemaDump | undefined): OperationCheck {
  return {
    name: 'schema in the backup',
    passed: schema !== undefined,
    found:
      schema === undefined
        ? 'the backup holds none: tables, indexes, checks and foreign keys were taken from production as it is now'
        : 'the backup holds it',
    expected: 'the backup holds it',
  };
}

function everyObjectMade(failures: readonly SchemaFailure[]): OperationCheck {
  const needed = failures.filter(({ dispensable }) => !dispensable);
  const leftOut = failures.filter(({ dispensable }) => dispensable);
  const name = ({ object, reason }: SchemaFailure) => `${object} (${reason})`;
  return {
    name: 'schema restored',
    passed: needed.length === 0,
    found: [
      needed.length === 0 ? 'every object was made' : `not made: ${needed.map(name).join('; ')}`,
      ...(leftOut.length === 0 ? [] : [`left out on this server: ${leftOut.map(name).join('; ')}`]),
    ].join('. '),
    expected: 'every object was made',
  };
}
