import type { DataVerdict, DrilledTable, RecoveredPoint } from '../../workflows/contracts/drills.ts';
import type { KnownRow, Truth } from './truth.ts';

/** What the comparison goes by. Times in µs since 1970. */
export interface Comparison {
  readonly truth: Truth;
  readonly now: Truth;
  /** Null where nothing was rewound. */
  readonly recoveryPoint: RecoveredPoint | null;
  /** What was committed later is business after the recovery. */
  readonly backMicros: number;
}

/** Rows that are listed of a table. */
const listed = 20;

/**
 * How long before the moment that a backup shows a commit may have its time and still not be in it, µs: the time is taken
 * before the commit is written and seen by others.
 */
const commitTakesMicros = 1e6;

/**
 * Holds the data as it is against what was known before the fault: each row that was there at the recovery point must be
 * there as it was, or have been changed by the application since it is back.
 */
export function compareData({ truth, now, recoveryPoint, backMicros }: Comparison): DataVerdict {
  const moments = {
    ...pointOf(recoveryPoint),
    truthMicros: Date.parse(truth.takenAt) * 1000,
    backMicros,
  };
  const present = new Map(now.tables.map(({ table, rows }) => [table, rows]));
  const compared = truth.tables.map(({ table, rows }) =>
    compareTable(table, rows, present.get(table) ?? [], moments),
  );
  return {
    recoveryPointUnix: recoveryPoint?.unix ?? null,
    tables: compared.map(({ verdict }) => verdict),
    lost: compared.flatMap(({ lost, verdict }) =>
      lost.slice(0, listed).map(([key, , micros]) => ({
        table: verdict.table,
        key,
        committedAt: micros === null ? 'unknown' : new Date(micros / 1000).toISOString(),
      })),
    ),
  };
}

interface Moments {
  readonly pointMicros: number;
  /** What was committed from here to the recovery point may be back or not. */
  readonly surelyBackMicros: number;
  readonly truthMicros: number;
  readonly backMicros: number;
}

function pointOf(point: RecoveredPoint | null): Pick<Moments, 'pointMicros' | 'surelyBackMicros'> {
  const pointMicros = point === null ? Number.POSITIVE_INFINITY : point.unix * 1e6;
  return {
    pointMicros,
    surelyBackMicros: point?.of === 'backup' ? pointMicros - commitTakesMicros : pointMicros,
  };
}

/** A row whose commit time is not known any more is older than all that are. */
const committed = (row: KnownRow): number => row[2] ?? 0;

function compareTable(
  table: string,
  known: readonly KnownRow[],
  present: readonly KnownRow[],
  { pointMicros, surelyBackMicros, truthMicros, backMicros }: Moments,
): { readonly verdict: DrilledTable; readonly lost: readonly KnownRow[] } {
  const there = new Map(present.map((row) => [row[0], row]));
  const keys = new Set(known.map(([key]) => key));
  const isThere = ([key, hash]: KnownRow) => there.get(key)?.[1] === hash;
  const isExpected = (row: KnownRow) =>
    committed(row) <= surelyBackMicros || (committed(row) <= pointMicros && isThere(row));
  const expected = known.filter(isExpected);
  const later = known.filter((row) => !isExpected(row));
  let missing = 0;
  let altered = 0;
  let changedSince = 0;
  for (const row of expected) {
    const found = there.get(row[0]);
    if (found === undefined) missing += 1;
    else if (found[1] !== row[1]) {
      if (committed(found) > backMicros) changedSince += 1;
      else altered += 1;
    }
  }
  // What was written between the truth and the fault is nobody's fault: it cannot be told from what was there.
  const surplus = present.filter(
    (row) =>
      !keys.has(row[0]) &&
      committed(row) <= backMicros &&
      (committed(row) <= truthMicros || committed(row) > pointMicros),
  );
  const stillLater = later.filter(isThere);
  // Its key may be there: as it was before, or taken by later business.
  const lost = later.filter((row) => !isThere(row)).sort((a, b) => committed(a) - committed(b));
  return {
    verdict: {
      table,
      expected: expected.length,
      missing,
      altered,
      surplus: surplus.length + stillLater.length,
      changedSince,
      lostAfter: lost.length,
    },
    lost,
  };
}
