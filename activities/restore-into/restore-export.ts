import { pipeline } from 'node:stream';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import { type SealedExport, sealedExport, spool } from '../backup/export-file.ts';
import { importInto } from '../backup/import-database.ts';
import { DrError } from '../errors.ts';
import type { Database, DatabaseSession, SchemaDump } from '../ports.ts';
import { type TableFingerprint, TableFingerprinter } from '../vault/fingerprint-tables.ts';
import type { OpenedBackup } from './backup-source.ts';
import { restoreSchema, type SchemaFailure } from './restore-schema.ts';
import { digestingRows } from './row-digests.ts';
import type { RowDigest, RowDigests } from './row-sum.ts';
import { readSchemaInHeader } from './schema-in-header.ts';

/** What was brought into the database. */
export interface RestoredBackup {
  readonly read: readonly TableFingerprint[];
  readonly readRows: RowDigests;
  readonly checks: readonly OperationCheck[];
}

/** How to restore. */
export interface RestoreOptions {
  /** What the database lacks: everything; only the rows; nothing, because an earlier try was seen to have loaded it. */
  readonly load?: 'schema-and-rows' | 'rows' | 'nothing';
  /** For a backup that holds no schema: where else it comes from. */
  readonly schemaElsewhere: () => Promise<SchemaDump>;
  /** Whether missing roles may be made on the server. */
  readonly makeRoles: boolean;
  /** Whether an object that cannot be made, and that the data needs, takes everything back. */
  readonly wholeOrNothing: boolean;
  /** Leaves the work behind when it is no longer wanted; its connection is closed then. */
  readonly within: <T>(work: Promise<T>) => Promise<T>;
  readonly progress: (doing: string) => void;
}

/**
 * Restores an export into a database in one transaction: tables first, then rows, then indexes, keys and triggers, so that
 * triggers do not run and indexes are built once. The export lies in a file without a name meanwhile.
 *
 * @throws DrError `database-unreachable` (retried), and what the rows cannot be loaded for: `verification-failed`,
 *   `database-query-failed`, `input-invalid`; nothing was changed then
 */
export async function restoreExport(
  database: Database,
  backup: Pick<OpenedBackup, 'body'>,
  options: RestoreOptions,
): Promise<RestoredBackup> {
  const fingerprinter = new TableFingerprinter();
  const readRows = new Map<string, RowDigest>();
  const passing = pipeline(backup.body, fingerprinter, () => undefined);
  const kept = await spool(digestingRows(passing, readRows));
  try {
    const file = await sealedExport(kept.fd, await kept.size());
    const checks = options.load === 'nothing' ? [] : await loadAtOnce(database, file, options);
    return { read: fingerprinter.tables, readRows, checks };
  } finally {
    await kept.close();
  }
}

function loadAtOnce(
  database: Database,
  file: SealedExport,
  options: RestoreOptions,
): Promise<readonly OperationCheck[]> {
  return database.session((session) =>
    options.within(
      (async () => {
        await session.query('BEGIN');
        const checks =
          options.load === 'rows'
            ? await loadRows(session, file, options)
            : await loadEverything(session, file, options);
        await session.query('COMMIT');
        return checks;
      })(),
    ),
  );
}

async function loadRows(
  session: DatabaseSession,
  file: SealedExport,
  { progress }: RestoreOptions,
): Promise<readonly OperationCheck[]> {
  await importInto(session, file, {
    mode: 'refuse',
    progress: (bytes) => progress(`loading rows, ${bytes} of ${file.bytes} bytes`),
  });
  return [];
}

async function loadEverything(
  session: DatabaseSession,
  file: SealedExport,
  options: RestoreOptions,
): Promise<readonly OperationCheck[]> {
  const { makeRoles, progress, schemaElsewhere, wholeOrNothing } = options;
  const schemaDump = await readSchemaInHeader(file.read());
  const schema = schemaDump ?? (await schemaElsewhere());
  const beforeEach = (object: string) => progress(`making ${object}`);
  const before = await restoreSchema(session, schema.preData, { makeRoles, beforeEach });
  await loadRows(session, file, options);
  const after = await restoreSchema(session, schema.postData, { makeRoles, beforeEach });
  const made = everyObjectMade([...before, ...after]);
  if (wholeOrNothing && !made.passed) throw notMade(made);
  return [schemaIsThere(schemaDump), made];
}

function notMade({ found }: OperationCheck): DrError {
  return new DrError('database-query-failed', {
    happened: `Objects of the schema could not be made: ${found}`,
    meaning: 'The backup cannot be restored whole on this server; nothing of it was kept.',
    next: 'Mend what is named on the server, or choose a server like production’s.',
  });
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
