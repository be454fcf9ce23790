import type { Verification, VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { LossSurvey, TableLoss } from '../../workflows/contracts/recovery-point.ts';

/** One table as it was before the restore and as it is now; undefined where it is missing. */
interface BeforeAndNow {
  readonly table: string;
  readonly before: TableLoss | undefined;
  readonly now: TableLoss | undefined;
}

/** A comparison of two surveys: checks, and rows per table. */
export type TablesVerified = Pick<Verification, 'checks' | 'tables'>;

function pairTables(before: LossSurvey, now: LossSurvey): readonly BeforeAndNow[] {
  const known = before.tables.map((entry) => ({
    table: entry.table,
    before: entry,
    now: now.tables.find((other) => other.table === entry.table),
  }));
  const isNew = (entry: TableLoss) => before.tables.every((other) => other.table !== entry.table);
  const back = now.tables
    .filter(isNew)
    .map((entry) => ({ table: entry.table, before: undefined, now: entry }));
  return [...known, ...back];
}

function rowsThatMustBeBack({ present, discarded }: TableLoss): number | null {
  return discarded === null ? null : present - discarded;
}

/** Pages that could not be read may have held old rows, so nothing is said of such a table. */
function heldNothingOld({ present, discarded, unreadablePages }: TableLoss): boolean {
  return unreadablePages === undefined && (present === 0 || discarded === present);
}

function describeMissing(before: TableLoss): string {
  if (!heldNothingOld(before)) {
    const old = rowsThatMustBeBack(before);
    const unread = before.unreadablePages === undefined ? '' : ', and pages that could not be read';
    return `missing; before the restore it held ${old ?? 'an unknown number of'} rows as old as the target${unread}`;
  }
  if (before.present === 0) return 'missing; it held no rows, so it may have been created after the target';
  if (before.basis === 'unlogged') return 'missing; it was unlogged, and every restore discards such rows';
  return 'missing; every row it held was newer than the target, so it may have been created later';
}

function readable(table: string, { present, unreadablePages }: TableLoss): VerificationCheck {
  return {
    name: `table ${table}`,
    passed: unreadablePages === undefined,
    advisory: false,
    found: unreadablePages === undefined ? `${present} rows` : `${unreadablePages} pages cannot be read`,
    expected: 'present and readable',
  };
}

function missing(table: string, before: TableLoss, alreadyRewound: boolean): VerificationCheck {
  return {
    name: `table ${table}`,
    passed: heldNothingOld(before),
    // Whether its rows were old is then not known, or they may have gone between the two targets.
    advisory: alreadyRewound || before.basis === 'column' || before.basis === 'unknown',
    found: describeMissing(before),
    expected: 'present and readable, unless it held no rows as old as the target',
  };
}

function presence({ table, before, now }: BeforeAndNow, alreadyRewound: boolean): VerificationCheck[] {
  if (now !== undefined) return [readable(table, now)];
  return before === undefined ? [] : [missing(table, before, alreadyRewound)];
}

function enoughRows({ table, before, now }: BeforeAndNow, alreadyRewound: boolean): VerificationCheck[] {
  if (before === undefined || now === undefined) return [];
  const least = rowsThatMustBeBack(before);
  if (least === null) return [];
  return [
    {
      name: `rows of ${table}`,
      passed: now.present >= least,
      advisory: alreadyRewound || before.basis === 'column' || now.basis === 'column',
      found: `${now.present} rows`,
      expected: `at least ${least} rows, those that were as old as the target before the restore${before.basis === 'column' ? ', by their column' : ''}`,
    },
  ];
}

function nothingNewer({ table, before, now }: BeforeAndNow): VerificationCheck[] {
  // An unlogged table is empty after a restore; its basis says nothing of moments.
  if (now === undefined || now.discarded === null || now.basis === 'unlogged') return [];
  return [
    {
      name: `nothing newer in ${table}`,
      passed: now.discarded === 0,
      advisory: before?.basis === 'column' || now.basis === 'column',
      found: `${now.discarded} rows later than the target, by ${now.basis === 'column' ? 'their column' : 'commit time'}`,
      expected: '0 rows later than the target',
    },
  ];
}

function numbers({ table, before, now }: BeforeAndNow): Verification['tables'][number] {
  const rows = now?.present ?? 0;
  if (before === undefined) return { table, rows, broughtBack: rows, discarded: 0 };
  const least = rowsThatMustBeBack(before);
  return {
    table,
    rows,
    broughtBack: least === null || now === undefined ? null : Math.max(0, rows - least),
    discarded: before.discarded,
  };
}

/**
 * Holds the survey after a restore against the one before it.
 *
 * The arithmetic. Before the restore a table holds P rows, of which D have a present version that was committed after
 * the target: inserted since (I), or older and changed since (U), so D = I + U. X more rows were deleted since. At the
 * target it held P - I + X rows, and that is what a restore brings: the P - D untouched ones, which are the least
 * that must be there whatever happened, and U + X that come back, in an older version or at all. `broughtBack` is
 * that sum: U and X cannot be told apart by counting. Hence rows = P - D + broughtBack.
 *
 * A table that is gone passes where it held no row as old as the target: it may have been created since. What a column
 * says of a row's age is what the application wrote, not when it was committed: imported rows, a transaction that was
 * open at the target and a clock that runs ahead make right counts look wrong. Checks that rest on one are advisory.
 *
 * @param alreadyRewound whether `before` shows a database that had been rewound to an earlier target: rows may rightly
 *   have been deleted between the two targets, so too few rows are advisory
 * @returns for each table: whether it is there, holds enough and nothing newer; and its rows
 */
export function verifyTables(before: LossSurvey, now: LossSurvey, alreadyRewound: boolean): TablesVerified {
  const pairs = pairTables(before, now);
  return {
    checks: pairs.flatMap((pair) => [
      ...presence(pair, alreadyRewound),
      ...enoughRows(pair, alreadyRewound),
      ...nothingNewer(pair),
    ]),
    tables: pairs.map(numbers),
  };
}
