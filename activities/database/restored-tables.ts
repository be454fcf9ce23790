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

function presence({ table, before, now }: BeforeAndNow): VerificationCheck {
  const check = { name: `table ${table}`, expected: 'present and readable' };
  if (now === undefined) {
    const maybeNewer =
      before !== undefined && before.discarded === before.present
        ? '; every row it held was newer than the target, so it may have been created later'
        : '';
    return { ...check, passed: false, found: `missing${maybeNewer}` };
  }
  if (now.unreadablePages !== undefined) {
    return { ...check, passed: false, found: `${now.unreadablePages} pages cannot be read` };
  }
  return { ...check, passed: true, found: `${now.present} rows` };
}

function enoughRows({ table, before, now }: BeforeAndNow): VerificationCheck[] {
  if (before === undefined || now === undefined) return [];
  const least = rowsThatMustBeBack(before);
  if (least === null) return [];
  return [
    {
      name: `rows of ${table}`,
      passed: now.present >= least,
      found: `${now.present} rows`,
      expected: `at least ${least} rows, those that were as old as the target before the restore`,
    },
  ];
}

function nothingNewer({ table, now }: BeforeAndNow): VerificationCheck[] {
  // An unlogged table is empty after a restore; its basis says nothing of moments.
  if (now === undefined || now.discarded === null || now.basis === 'unlogged') return [];
  return [
    {
      name: `nothing newer in ${table}`,
      passed: now.discarded === 0,
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
 * @returns for each table: whether it is there, holds enough and nothing newer; and its rows
 */
export function verifyTables(before: LossSurvey, now: LossSurvey): TablesVerified {
  const pairs = pairTables(before, now);
  return {
    checks: pairs.flatMap((pair) => [presence(pair), ...enoughRows(pair), ...nothingNewer(pair)]),
    tables: pairs.map(numbers),
  };
}
