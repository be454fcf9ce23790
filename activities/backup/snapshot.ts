import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { type ExportTable, exportSettings } from './format.ts';
import { qualifiedName } from './quote.ts';

/** The moment that an export shows. */
export interface Snapshot {
  readonly database: string;
  readonly serverVersion: string;
  /** RFC 3339, UTC, µs. */
  readonly snapshotAt: string;
  /** Write-ahead log position: everything committed later is not in the snapshot. */
  readonly lsn: string;
  /** While the transaction is open, other connections join it by this (`SET TRANSACTION SNAPSHOT`). */
  readonly snapshotId: string;
}

const snapshotRow = z.object({
  database: z.string(),
  serverVersion: z.string(),
  snapshotAt: z.string(),
  lsn: z.string(),
  snapshotId: z.string(),
});

const snapshotSql = `
SELECT current_database() AS database, current_setting('server_version') AS "serverVersion",
  to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "snapshotAt",
  (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END)::text AS lsn,
  pg_export_snapshot() AS "snapshotId"`;

/** How long the export waits for a lock on a table that somebody is altering, in ms. */
const lockTimeoutMs = 30_000;

/** The order of rows in the document is the order on disk: no scan that begins midway, no workers that race. */
const orderedScans = { synchronize_seqscans: 'off', max_parallel_workers_per_gather: '0' } as const;

async function applySettings(session: DatabaseSession): Promise<void> {
  const settings = {
    ...exportSettings,
    ...orderedScans,
    statement_timeout: '0',
    lock_timeout: String(lockTimeoutMs),
  };
  await session.query(
    Object.entries(settings)
      .map(([name, value]) => `SET LOCAL ${name} TO '${value}'`)
      .join('; '),
  );
}

/**
 * Opens a transaction in which every query sees the same moment, with the settings of the export format.
 */
export async function openSnapshot(session: DatabaseSession): Promise<Snapshot> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await applySettings(session);
  const { rows } = await session.query(snapshotSql);
  const [row] = z.tuple([snapshotRow]).parse(rows);
  return row;
}

/**
 * SQL that keeps tables as they are while they are read. A TRUNCATE is not seen by snapshots: without the lock, a table
 * emptied meanwhile would be exported as empty.
 */
export function lockTables(tables: readonly ExportTable[], wait: '' | 'NOWAIT' = ''): string {
  const names = [...new Set(tables.map(qualifiedName))];
  return `LOCK TABLE ONLY ${names.join(', ONLY ')} IN ACCESS SHARE MODE ${wait}`;
}

/**
 * Opens a transaction in another session that sees the same moment, with the same settings. The first transaction must
 * be open still.
 */
export async function joinSnapshot(session: DatabaseSession, { snapshotId }: Snapshot): Promise<void> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await session.query(`SET TRANSACTION SNAPSHOT '${snapshotId.replaceAll("'", "''")}'`);
  await applySettings(session);
}
