import { Readable } from 'node:stream';
import type { DatabaseSession, PostgresPrograms } from '../ports.ts';
import { readCatalog } from './catalog.ts';
import { dumpDamaged } from './dump-damaged.ts';
import { DumpReader } from './dump-reader.ts';
import { portableDump } from './portable-dump.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';

/** What is dumped, and by what. */
export interface SqlDumpOptions {
  readonly programs: Pick<PostgresPrograms, 'dumpSql'>;
  /** Of the database of `connectionString`; nothing else uses it until the dump has ended. */
  readonly session: DatabaseSession;
  /** A secret. */
  readonly connectionString: string;
  readonly schemas: readonly string[];
  readonly signal: AbortSignal;
}

/** A dump under way. */
export interface SqlDump {
  readonly snapshot: Snapshot;
  /** As `psql` reads it, and other servers than production's take it. */
  readonly body: Readable;
  /** To be put behind `body`. */
  readonly reader: DumpReader;
  /**
   * Call when all of it has passed.
   *
   * @throws DrError `verification-failed` when the end is missing, or a table
   */
  requireWhole(): void;
}

/**
 * Dumps schemas as SQL as they stand at one moment, without blocking writers.
 *
 * @throws DrError `configuration-invalid` when `pg_dump` is older than the server, `input-invalid` for a schema that is not
 *   there, `database-query-failed`, `database-unreachable` (retried); so does `body`
 */
export async function openSqlDump(options: SqlDumpOptions): Promise<SqlDump> {
  const { programs, session, connectionString, schemas, signal } = options;
  const snapshot = await openSnapshot(session);
  // This session only holds the snapshot while pg_dump reads.
  await session.query('SET LOCAL idle_in_transaction_session_timeout TO 0');
  const { tables } = await readCatalog(session, schemas);
  const { snapshotId } = snapshot;
  const dump = await programs.dumpSql({ connectionString, schemas, snapshotId, signal });
  const reader = new DumpReader();
  return {
    snapshot,
    body: Readable.from(portableDump(dump), { objectMode: false }),
    reader,
    requireWhole() {
      if (!reader.complete) throw dumpDamaged('has no end: pg_dump did not finish it');
      const held = new Set(reader.tables.map(({ schema, name }) => `${schema}.${name}`));
      const missing = tables
        .map(({ table }) => `${table.schema}.${table.name}`)
        .filter((name) => !held.has(name));
      if (missing.length > 0) throw dumpDamaged(`lacks ${missing.join(', ')}`);
    },
  };
}
