import type { RememberedTable } from '../../workflows/contracts/monitoring.ts';
import type { MonitorPolicy } from '../../workflows/contracts/policy.ts';

/** One table then and now; see `readTable`. */
export interface TableChange {
  readonly table: string;
  /** What it is held against: when it was good last, or a recorded baseline; undefined when there is nothing. */
  readonly before: (Pick<RememberedTable, 'rows'> & Partial<RememberedTable>) | undefined;
  readonly rows: number;
  readonly gone: number;
  readonly byOneTransaction: number;
  readonly altered: boolean;
  /** Rows that were deleted at least since a baseline was recorded; undefined where that is not known. */
  readonly deleted?: number | undefined;
  /** Days that began since then. */
  readonly days?: number;
}

/** What is wrong with tables, each in words. */
export interface TableProblems {
  readonly missing: readonly string[];
  readonly inconsistent: readonly string[];
  /** Tables of which rows are missing. */
  readonly tablesWithMissing: readonly string[];
}

/**
 * Judges how tables changed since they were good. Rows may come, a few may go, each may change; that many go at once,
 * or that one transaction changes most of a table, is what a mistake looks like.
 *
 * Against a recorded baseline, which may be old, deletions that new rows hide are missing as well, where they are more
 * than usual ones come to: the policy's share for each day that began. With a share of a tenth, a fifth that was deleted
 * at once is noticed by a first look within two days, and nothing is after ten. Not noticed either are deletions of no
 * more rows than were changed, those in tables whose rows come and go (`volatileTables`), that are partitioned or that
 * were emptied or rewritten as a whole, and those from before a restore or a crash of the server: such tables are held
 * against their number of rows alone.
 */
export function judgeTables(changes: readonly TableChange[], monitor: MonitorPolicy): TableProblems {
  const losses = changes.flatMap((change) =>
    missingOf(change, monitor).map((words) => ({ table: change.table, words })),
  );
  return {
    missing: losses.map(({ words }) => words),
    inconsistent: changes.flatMap((change) => inconsistentOf(change, monitor)),
    tablesWithMissing: losses.map(({ table }) => table),
  };
}

function missingOf(
  { table, before, rows, gone, deleted = 0, days = 1 }: TableChange,
  { missingRecords: { share, atLeast }, volatileTables }: MonitorPolicy,
): string[] {
  if (before === undefined) return [];
  const isMany = (count: number) => count >= atLeast && count >= share * before.rows;
  const fewer = before.rows - rows;
  if (isMany(fewer)) return [`${fewer} of ${before.rows} rows of ${table}`];
  // Customers go on buying: what they add hides in the count what was lost, and brings none of it back.
  if (before.wentMissing === true && isMany(gone)) {
    return [`up to ${gone} of ${before.rows} rows of ${table}, which new ones do not bring back`];
  }
  if (!volatileTables.includes(table) && isMany(deleted) && deleted >= share * days * before.rows) {
    return [`${deleted} of ${before.rows} rows of ${table}, deleted since they were recorded`];
  }
  return [];
}

function inconsistentOf(
  { table, before, rows, gone, byOneTransaction, altered }: TableChange,
  { massChange: { share, atLeast }, volatileTables, unchangingTables }: MonitorPolicy,
): string[] {
  const settled = before?.settledRows;
  if (settled === undefined) return [];
  if (unchangingTables.includes(table)) {
    if (gone > 0) return [`${gone} rows of ${table}, which never change, were changed or deleted`];
    return altered ? [`rows of ${table}, which never change, hold something else`] : [];
  }
  if (volatileTables.includes(table)) return [];
  // What was deleted is told as missing: of the rest, no more than one transaction wrote was changed by one.
  const missing = Math.max(0, (before?.rows ?? 0) - rows);
  const changed = Math.min(byOneTransaction, Math.max(0, gone - missing));
  if (changed < atLeast || changed < share * settled) return [];
  return [`one transaction changed ${changed} of ${settled} rows of ${table}`];
}
