import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { count, readRow } from './rows.ts';

/**
 * A session hands its counters over when its transaction ends, but not within a second of the last time, and waits up to
 * 60 s where others stand in its way; one that is idle does so within 10 s, and one that ends at once (PostgreSQL
 * `pgstat.c`: PGSTAT_MIN_INTERVAL, PGSTAT_MAX_INTERVAL, PGSTAT_IDLE_INTERVAL). Until a statement or transaction ends it
 * hands nothing over: a procedure may have committed a thousand times within.
 */
const complete = `
  SELECT floor(extract(epoch FROM coalesce(min(
           CASE WHEN state = 'idle' AND state_change < clock_timestamp() - interval '15 s' THEN NULL
                WHEN state IN ('idle', 'active', 'idle in transaction', 'idle in transaction (aborted)', 'fastpath function call')
                  THEN greatest(least(xact_start, query_start, state_change) - interval '75 s', backend_start)
                ELSE coalesce(backend_start, 'epoch') END), clock_timestamp())) * 1000)::bigint AS "toMs"
    FROM pg_stat_activity
   WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
     AND coalesce(backend_type, '') NOT IN ('walsender', 'autovacuum worker', 'pg_cron launcher')`;

/**
 * Up to when everything that was committed is counted, as far as other sessions tell: Unix ms by the server's clock.
 * Sessions that the operator may not see, and background workers since they began, count as never having told.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function countersCompleteTo(session: DatabaseSession): Promise<number> {
  return (await readRow(session, z.object({ toMs: count }), complete)).toMs;
}
