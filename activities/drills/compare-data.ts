import type { DataVerdict, DrilledTable } from '../../workflows/contracts/drills.ts';
import type { KnownRow, Truth } from './truth.ts';

/** What the comparison goes by. Times in µs since 1970. */
export interface Comparison {
  readonly truth: Truth;
  readonly now: Truth;
  /** Integer UTC second that was gone back to; null where nothing was rewound. */
  readonly recoveryPointUnix: number | null;
  /** What was committed later is business after the recovery. */
  readonly backMicros: number;
}

/** Rows that are listed of a table. */
const listed = 20;

/**
 * Holds the data as it is against what was known before the fault: each row that was there at the recovery point must be
 * there as it was, or have been changed by the application since it is back.
 */
export function compareData({ truth, now, recoveryPointUnix, backMicros }: Comparison): DataVerdict {
  const pointMicros = recoveryPointUnix === null ? Number.POSITIVE_INFINITY : recoveryPointUnix * 1e6;
  const truthMicros = Date.parse(truth.takenAt) * 1000;
  const present = new Map(now.tables.map(({ table, rows }) => [table, rows]));
  const compared = truth.tables.map(({ table, rows }) =>
    compareTable(table, rows, present.get(table) ?? [], { pointMicros, truthMicros, backMicros }),
  );
  return {
    recoveryPointUnix,
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
  readonly truthMicros: number;
  readonly backMicros: number;
}

/** A row whose commit time is not known any more is older than all that are. */
const committed = (row: KnownRow): number => row[2] ?? 0;

function compareTable(
  table: string,
  known: readonly KnownRow[],
  present: readonly KnownRow[],
  { pointMicros, truthMicros, backMicros }: Moments,
): { readonly verdict: DrilledTable; readonly lost: readonly KnownRow[] } {
  const there = new Map(present.map((row) => [row[0], row]));
  const keys = new Set(known.map(([key]) => key));
  const expected = known.filter((row) => committed(row) <= pointMicros);
  const later = known.filter((row) => committed(row) > pointMicros);
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
  const stillLater = later.filter((row) => there.get(row[0])?.[1] === row[1] && pointMicros !== Infinity);
  const lost = later.filter((row) => !there.has(row[0])).sort((a, b) => committed(a) - committed(b));
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
