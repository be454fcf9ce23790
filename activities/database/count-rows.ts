import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { count, readRow } from './rows.ts';
import { inSavepoint } from './snapshot.ts';
import { saysUnreadable } from './sql-state.ts';

/** Rows that were counted, and what they told. Numbers of several relations add up. */
export interface RowTally {
  readonly present: number;
  readonly discarded: number;
  /** Rows whose time is not known. */
  readonly undated: number;
  /** RFC 3339 UTC with µs; null when no row's commit time is known. */
  readonly newest: string | null;
  readonly unreadablePages: number;
}

/** Builds the counting query over a FROM clause (with its WHERE); `$1` is the target as a UTC second. */
export type CountingQuery = (from: string) => string;

/** A range of pages, the last one excluded. */
interface PageRange {
  readonly from: number;
  readonly to: number;
}

/** Past that many unreadable pages what is left of the relation is not searched any more but given up. */
const searchedUnreadablePages = 1_000;

const tallied = z.object({ present: count, discarded: count, undated: count, newest: z.string().nullable() });

/** Where an addition of tallies begins. */
export const emptyTally: RowTally = {
  present: 0,
  discarded: 0,
  undated: 0,
  newest: null,
  unreadablePages: 0,
};

/** Adds two tallies. */
export function addTallies(a: RowTally, b: RowTally): RowTally {
  return {
    present: a.present + b.present,
    discarded: a.discarded + b.discarded,
    undated: a.undated + b.undated,
    newest: a.newest !== null && (b.newest === null || a.newest > b.newest) ? a.newest : b.newest,
    unreadablePages: a.unreadablePages + b.unreadablePages,
  };
}

async function tally(session: DatabaseSession, sql: string, targetUnix: number): Promise<RowTally> {
  const row = await inSavepoint(session, () => readRow(session, tallied, sql, [targetUnix]));
  return { ...row, unreadablePages: 0 };
}

async function tallyReadablePages(
  session: DatabaseSession,
  relation: string,
  query: CountingQuery,
  targetUnix: number,
): Promise<RowTally> {
  const { pages } = await readRow(
    session,
    z.object({ pages: count }),
    `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint AS pages`,
    [relation],
  );
  let total = emptyTally;
  const ranges: PageRange[] = [{ from: 0, to: pages }];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const { from, to } = range;
    try {
      const within = `ONLY ${relation} WHERE ctid >= '(${from},0)' AND ctid < '(${to},0)'`;
      total = addTallies(total, await tally(session, query(within), targetUnix));
    } catch (error) {
      if (!saysUnreadable(error)) throw error;
      if (to - from <= 1 || total.unreadablePages >= searchedUnreadablePages) {
        total = { ...total, unreadablePages: total.unreadablePages + (to - from) };
        continue;
      }
      const middle = Math.floor((from + to) / 2);
      ranges.push({ from: middle, to }, { from, to: middle });
    }
  }
  return total;
}

/**
 * Counts the rows of one relation within the current snapshot. Where a page cannot be read the rest is counted
 * around it, halving the range until the page is found: a survey of a damaged database must not fail on the damage.
 *
 * @param relation quoted name
 * @param query counts `present`, `discarded`, `undated` and `newest` over a FROM clause
 * @param targetUnix integer UTC second
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function countRows(
  session: DatabaseSession,
  relation: string,
  query: CountingQuery,
  targetUnix: number,
): Promise<RowTally> {
  try {
    return await tally(session, query(`ONLY ${relation}`), targetUnix);
  } catch (error) {
    if (!saysUnreadable(error)) throw error;
    return await tallyReadablePages(session, relation, query, targetUnix);
  }
}
