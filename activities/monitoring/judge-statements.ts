import type { MonitorMemory, RememberedStatement } from '../../workflows/contracts/monitoring.ts';
import type { MonitorPolicy } from '../../workflows/contracts/policy.ts';

/** Of a statement that is called too rarely to be judged again, a verdict counts for so many intervals of its probe. */
const verdictCountsForIntervals = 2;

/** What a role ran of a statement since the server counts. */
export type StatementCounters = Omit<RememberedStatement, 'slowAt'>;

/** What is to be said of statements, and what they are held against next time. */
export interface StatementVerdicts {
  /** Those that were judged slow now, each in words. */
  readonly slow: readonly string[];
  /** Whether one that was slow was not called often enough since to be judged again. */
  readonly isOpen: boolean;
  readonly remembered: readonly RememberedStatement[];
}

/**
 * Judges each statement by the mean of its calls since it was judged last, as soon as there are enough of them: a second
 * look that comes soon after the first finds too few, and must not take that for quick ones.
 *
 * @param now the costliest that were ever slow
 * @param before null before the first look: nothing is judged then
 * @param at RFC 3339, UTC: when the look began
 * @param mostNow how many of them are read at most: one that is not remembered may have been left out
 */
export function judgeStatements(
  now: readonly StatementCounters[],
  before: MonitorMemory['statements'],
  at: string,
  { slowQueries: { meanMs, calls: fewest }, everyMs }: Pick<MonitorPolicy, 'slowQueries' | 'everyMs'>,
  mostNow: number,
): StatementVerdicts {
  const countsFrom = new Date(Date.parse(at) - verdictCountsForIntervals * everyMs.database).toISOString();
  const slow: string[] = [];
  let isOpen = false;
  const remembered = now.map((counters): RememberedStatement => {
    const { id, role, calls, totalMs } = counters;
    const known = before?.find((one) => one.id === id && one.role === role);
    const isNew = known === undefined && before !== null && before.length < mostNow;
    // The server began to count anew where there are fewer calls than before.
    const from = isNew || (known !== undefined && known.calls > calls) ? { calls: 0, totalMs: 0 } : known;
    if (from === undefined) return { ...counters, slowAt: null };
    const since = calls - from.calls;
    const slowAt = known?.slowAt ?? null;
    if (since < fewest) {
      const counts = slowAt !== null && slowAt >= countsFrom;
      isOpen ||= counts;
      return { ...counters, ...from, slowAt: counts ? slowAt : null };
    }
    const mean = (totalMs - from.totalMs) / since;
    if (mean <= meanMs) return { ...counters, slowAt: null };
    slow.push(`statement ${id} of role ${role} took ${Math.round(mean)} ms, ${since} times`);
    return { ...counters, slowAt: at };
  });
  return { slow, isOpen, remembered };
}
