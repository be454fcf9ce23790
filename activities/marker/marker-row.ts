import { z } from 'zod';
import type { RecoveryMarker } from '../../workflows/contracts/marker.ts';
import { count, readRow, readRows } from '../database/rows.ts';
import { inSavepoint } from '../database/snapshot.ts';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';

/** The schema of what is written while production runs; no policy lists it, so no export and no survey holds it. */
export const markerSchema = 'vendhub_dr';

const table = `${markerSchema}.recovery_marker`;

const prepareSql = [
  `CREATE SCHEMA IF NOT EXISTS ${markerSchema}`,
  `CREATE TABLE IF NOT EXISTS ${table} (environment text PRIMARY KEY, sequence bigint NOT NULL,
    written_at timestamptz NOT NULL, every_ms integer NOT NULL)`,
];

const columns = `sequence, every_ms AS "everyMs",
  to_char(written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "writtenAt"`;
const markerRow = z.object({ sequence: count, everyMs: count, writtenAt: z.string() });

const existing = `SELECT to_regclass('${table}') IS NOT NULL AS found`;
const existence = z.object({ found: z.boolean() });

/** Makes the schema and the table where they are missing: a restore may have taken them away. Throws as the session. */
export async function prepareMarkers(session: DatabaseSession): Promise<void> {
  const { found } = await readRow(session, existence, existing);
  if (found) return;
  for (const sql of prepareSql) await session.query(sql);
}

/**
 * Commits the next marker of an environment.
 *
 * @param next.above the highest sequence that is known from elsewhere: after a restore the table holds a lower one
 * @param next.everyMs how often markers are written
 * @throws DrError `database-unreachable` (retried), `database-query-failed` such as for a database that only reads
 */
export function writeMarkerRow(
  session: DatabaseSession,
  next: { readonly environment: string; readonly above: number; readonly everyMs: number },
): Promise<RecoveryMarker> {
  return readRow(
    session,
    markerRow,
    `INSERT INTO ${table} AS known (environment, sequence, written_at, every_ms)
     VALUES ($1, $2::bigint + 1, clock_timestamp(), $3)
     ON CONFLICT (environment) DO UPDATE SET sequence = greatest(known.sequence, $2::bigint) + 1,
       written_at = clock_timestamp(), every_ms = excluded.every_ms
     RETURNING ${columns}`,
    [next.environment, next.above, next.everyMs],
  );
}

/**
 * The newest marker that a database holds, of whichever environment: a standby's may be production's copy. Must run in a
 * transaction, which it does not end. Takes no transaction id.
 *
 * @returns null where there is none, and where it cannot be read: no recovery stops for it
 * @throws DrError `database-unreachable` (retried)
 */
export async function readNewestMarker(session: DatabaseSession): Promise<RecoveryMarker | null> {
  try {
    return await inSavepoint(session, async () => {
      const { found } = await readRow(session, existence, existing);
      if (!found) return null;
      const sql = `SELECT ${columns} FROM ${table} ORDER BY written_at DESC LIMIT 1`;
      return (await readRows(session, markerRow, sql))[0] ?? null;
    });
  } catch (error) {
    if (error instanceof DrError && error.type === 'database-query-failed') return null;
    throw error;
  }
}
