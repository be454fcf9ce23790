import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { exportSettings } from './format.ts';

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

/**
 * Opens a transaction in which every query sees the same moment, with the settings of the export format.
 */
export async function openSnapshot(session: DatabaseSession): Promise<Snapshot> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const settings = { ...exportSettings, statement_timeout: '0', lock_timeout: String(lockTimeoutMs) };
  for (const [name, value] of Object.entries(settings)) {
    await session.query(`SET LOCAL ${name} TO '${value}'`);
  }
  const { rows } = await session.query(snapshotSql);
  const [row] = z.tuple([snapshotRow]).parse(rows);
  return row;
}
