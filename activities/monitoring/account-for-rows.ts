import type { UnaccountedRows } from '../../workflows/contracts/monitoring.ts';
import type { SettledRows, TableCounters } from '../../workflows/contracts/settled-rows.ts';

/** One table's settled rows, then and now. */
export interface SettledChange {
  readonly table: string;
  /** Undefined where nothing is known of then. */
  readonly before:
    | (Omit<SettledRows, 'counters'> & { readonly counters?: TableCounters | undefined })
    | undefined;
  /** Rows of then that are gone as they were: deleted, changed, or lost. */
  readonly gone: number;
  /** What an earlier look could not account for. */
  readonly doubt: UnaccountedRows | undefined;
  /** Rows of that one that are gone now. */
  readonly doubtedGone: number;
  /** Now; undefined where they tell nothing. */
  readonly counters: TableCounters | undefined;
}

/** What the server's counters say of rows that are gone. */
export interface Account {
  /** To be looked at again. */
  readonly doubt: UnaccountedRows | undefined;
  /** Rows that went away although nobody deleted or changed them: only pages that were lost take rows like that. */
  readonly lost: number;
}

/** How many rows the server saw leave a set since; null where that cannot be known. */
function countedSince(before: TableCounters | undefined, now: TableCounters | undefined) {
  if (before === undefined || now === undefined || before.since !== now.since) return null;
  return { deleted: now.deleted - before.deleted, updated: now.updated - before.updated };
}

/**
 * Holds rows that are gone against what the server counted. Other sessions tell late what they deleted: rows that are
 * not accounted for are a doubt first, and lost only once everything that was committed when they were seen gone is
 * counted, and accounts for too few of them. The counters count more than happened, also what was undone, and never
 * less; so a deletion is never taken for a loss of pages, but few lost rows amid many changes go unnoticed.
 *
 * @param look.completeToMs everything committed by then was counted when `counters` were read, Unix ms
 * @param look.seenAtMs when the rows were counted, Unix ms, after `counters` were read; both by the server's clock
 * @param look.atLeast fewer rows are no doubt
 */
export function accountForRows(
  { table, before, gone, doubt, doubtedGone, counters }: SettledChange,
  look: { readonly completeToMs: number; readonly seenAtMs: number; readonly atLeast: number },
): Account {
  const sinceDoubt = countedSince(doubt?.counters, counters);
  if (doubt !== undefined && sinceDoubt !== null) {
    const unexplained = Math.min(doubt.gone, doubtedGone) - sinceDoubt.deleted - sinceDoubt.updated;
    if (unexplained >= look.atLeast) {
      return { doubt, lost: doubt.seenAtMs < look.completeToMs ? unexplained : 0 };
    }
  }
  const since = countedSince(before?.counters, counters);
  if (before?.counters === undefined || since === null) return { doubt: undefined, lost: 0 };
  if (gone - since.deleted - since.updated < look.atLeast) return { doubt: undefined, lost: 0 };
  const { settledBefore, settledRows, counters: countedThen } = before;
  const seen = { table, settledBefore, settledRows, counters: countedThen, gone, seenAtMs: look.seenAtMs };
  return { doubt: seen, lost: 0 };
}

/**
 * How many settled rows were deleted at least: those that are gone, less as many as were changed, and no more than the
 * server saw deleted. A deletion that was undone left its rows where they were, and an update took none away.
 *
 * @returns undefined where the counters cannot be compared
 */
export function deletedAtLeast(
  gone: number,
  before: TableCounters | undefined,
  now: TableCounters | undefined,
): number | undefined {
  const since = countedSince(before, now);
  return since === null ? undefined : Math.max(0, Math.min(gone - since.updated, since.deleted));
}
