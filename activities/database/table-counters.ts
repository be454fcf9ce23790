import { z } from 'zod';
import type { TableCounters } from '../../workflows/contracts/settled-rows.ts';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import { count, readRow, readRows } from './rows.ts';

/**
 * A restore ends on a timeline of its own, and a server that was made anew has another identifier. Counters that were
 * thrown away, as after a crash, leave another moment at those of the background writer, and resetting them leaves one
 * at the database. Before PostgreSQL 15 counters could get lost on their way.
 */
const history = `
  SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
           substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
           (SELECT oid FROM pg_database WHERE datname = current_database()),
           coalesce((SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_database WHERE datname = current_database()), 'never'),
           (SELECT extract(epoch FROM stats_reset)::text FROM pg_stat_bgwriter)) AS history,
         current_setting('server_version_num')::int >= 150000 AND current_setting('track_counts')::boolean
           AND NOT EXISTS (SELECT FROM pg_db_role_setting WHERE setconfig::text ILIKE '%track_counts=%') AS "counts"`;

const counting = `
  SELECT schemaname || '.' || relname AS table, concat_ws('/', relid, pg_relation_filenode(relid)) AS storage,
         n_tup_upd AS updated, n_tup_del AS deleted
    FROM pg_stat_user_tables
   WHERE schemaname = ANY ($1::text[]) AND pg_relation_filenode(relid) IS NOT NULL`;

const historyRow = z.object({ history: z.string(), counts: z.boolean() });
const counterRow = z.object({ table: z.string(), storage: z.string(), updated: count, deleted: count });

/**
 * Reads how many rows of each table the server has seen updated and deleted, by `schema.table`; a partitioned table has
 * none of its own. To be asked before a snapshot is taken: what it counts later was done later, or is told late. Empty
 * where the operator may not ask what tells one history from another, or where not everything is counted.
 *
 * @throws DrError `database-unreachable` (retried)
 */
export async function readTableCounters(
  session: DatabaseSession,
  schemas: readonly string[],
): Promise<ReadonlyMap<string, TableCounters>> {
  try {
    const { history: server, counts } = await readRow(session, historyRow, history);
    if (!counts) return new Map();
    const rows = await readRows(session, counterRow, counting, [schemas]);
    return new Map(
      rows.map(({ table, storage, updated, deleted }) => [
        table,
        { since: `${server}/${storage}`, updated, deleted },
      ]),
    );
  } catch (error) {
    if (error instanceof DrError && error.type === 'database-query-failed') return new Map();
    throw error;
  }
}
