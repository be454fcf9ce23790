import type { TableLoss } from '../../workflows/contracts/recovery-point.ts';
import type { DatabaseSession } from '../ports.ts';
import type { CommitTimes } from './commit-times.ts';
import { addTallies, type CountingQuery, countRows, emptyTally, type RowTally } from './count-rows.ts';
import type { CountedTable } from './tables.ts';

/** The rows of one table, held against the target. */
export interface TableCount extends Omit<TableLoss, 'table' | 'broughtBack'> {
  /** RFC 3339 UTC with µs; null when no row's commit time is known. */
  readonly newestCommitAt: string | null;
}

/** Ids below 3 are special and have no commit time; asking for that of id 0 is an error. */
const byCommitTime: CountingQuery = (from) => `
  SELECT coalesce(sum(n), 0) AS present,
         coalesce(sum(n) FILTER (WHERE committed_at > to_timestamp($1::double precision)), 0) AS discarded,
         coalesce(sum(n) FILTER (WHERE committed_at IS NULL AND NOT special), 0) AS undated,
         to_char(max(committed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS newest
    FROM (SELECT n, special, CASE WHEN NOT special THEN pg_xact_commit_timestamp(writer) END AS committed_at
            FROM (SELECT writer, n, writer::text IN ('0', '1', '2') AS special
                    FROM (SELECT xmin AS writer, count(*) AS n FROM ${from} GROUP BY xmin) AS by_writer
                 ) AS writers
         ) AS dated`;

const byColumn =
  (column: string): CountingQuery =>
  (from) =>
    `
  SELECT count(*) AS present, count(*) FILTER (WHERE ${column} > to_timestamp($1::double precision)) AS discarded,
         count(*) FILTER (WHERE ${column} IS NULL) AS undated, NULL AS newest FROM ${from}`;

const byNothing: CountingQuery = (from) => `
  SELECT count(*) AS present, 0 AS discarded, count(*) FILTER (WHERE $1::double precision IS NOT NULL) AS undated,
         NULL AS newest FROM ${from}`;

async function total(
  session: DatabaseSession,
  table: CountedTable,
  query: CountingQuery,
  targetUnix: number,
): Promise<RowTally> {
  let sum = emptyTally;
  for (const relation of table.relations) {
    sum = addTallies(sum, await countRows(session, relation, query, targetUnix));
  }
  return sum;
}

function asCount(
  { present, discarded, newest, unreadablePages }: RowTally,
  basis: TableLoss['basis'],
): TableCount {
  return {
    present,
    discarded: { 'commit-timestamp': discarded, column: discarded, unlogged: present, unknown: null }[basis],
    basis,
    newestCommitAt: newest,
    ...(unreadablePages > 0 && { unreadablePages }),
  };
}

/**
 * Counts one table's rows, and those among them whose present version was committed after the target.
 *
 * By commit time where the server knows it: a row is dated by the transaction that wrote its present version
 * (`xmin`, subtransactions included). Asking once per writing transaction is twice as fast as once per row. A row
 * whose time cannot be known any more is old, provided that times reach back to the target; if they do not, the table
 * is counted by the policy's column, or not at all. After more than 2^32 transactions the id of a frozen row may
 * repeat, and an old row may be counted as discarded: too many, never too few.
 *
 * @param targetUnix integer UTC second
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function countTable(
  session: DatabaseSession,
  table: CountedTable,
  targetUnix: number,
  commitTimes: CommitTimes,
): Promise<TableCount> {
  const tracked = commitTimes.tracked ? await total(session, table, byCommitTime, targetUnix) : undefined;
  const newest = tracked?.newest ?? null;
  if (table.unlogged) {
    return asCount(tracked ?? (await total(session, table, byNothing, targetUnix)), 'unlogged');
  }
  if (tracked !== undefined && (tracked.undated === 0 || commitTimes.reachBackToTarget)) {
    return asCount(tracked, 'commit-timestamp');
  }
  if (table.timestampColumn !== null) {
    const tally = await total(session, table, byColumn(table.timestampColumn), targetUnix);
    // A row without a moment may be older or newer than the target.
    return asCount({ ...tally, newest }, tally.undated > 0 ? 'unknown' : 'column');
  }
  return asCount(tracked ?? (await total(session, table, byNothing, targetUnix)), 'unknown');
}
