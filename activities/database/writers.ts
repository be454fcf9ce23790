import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { readRow } from './rows.ts';

/** What the server says about writing at one moment. */
export interface WritingMoment {
  /** RFC 3339, UTC, the database's clock. */
  readonly at: string;
  readonly nextTransactionId: string;
  /** Other sessions on this database, and prepared transactions: what each is, and whether it holds a write open. */
  readonly sessions: readonly { readonly description: string; readonly writing: boolean }[];
}

/**
 * A transaction that has an id holds an exclusive lock on it. `pg_locks` shows that to everybody, whereas
 * `pg_stat_activity.backend_xid` is hidden from a role without pg_monitor and would look like silence.
 */
const moment = `
  SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
         pg_snapshot_xmax(pg_current_snapshot())::text AS "nextTransactionId",
         (SELECT coalesce(json_agg(json_build_object('description', description, 'writing', writing)
                                   ORDER BY writing DESC, description), '[]')::text
            FROM (SELECT format('%s as %s from %s (%s, %s)', coalesce(nullif(application_name, ''), 'unnamed'),
                                usename, coalesce(host(client_addr), 'the server itself'),
                                coalesce(state, 'state unknown'),
                                coalesce(backend_type, 'kind unknown')) AS description,
                         EXISTS (SELECT FROM pg_locks held WHERE held.pid = activity.pid AND held.granted
                           AND held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock') AS writing
                    FROM pg_stat_activity activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()
                     AND coalesce(backend_type, '') NOT LIKE 'autovacuum%'
                  UNION ALL
                  SELECT format('a prepared transaction of %s', owner), true
                    FROM pg_prepared_xacts WHERE database = current_database()) AS others) AS sessions`;

const session = z.object({ description: z.string(), writing: z.boolean() });

const readMoment = z.object({
  at: z.string(),
  nextTransactionId: z.string(),
  sessions: z.string().transform((text) => z.array(session).parse(JSON.parse(text))),
});

/**
 * Reads who is connected and who writes, without taking a transaction id. Descriptions hold application name, user,
 * client address, state and kind; never the text of a query. Throws `database-unreachable` (retried) or
 * `database-query-failed`.
 */
export function readWritingMoment(on: DatabaseSession): Promise<WritingMoment> {
  return readRow(on, readMoment, moment);
}
