import type { OperationName, ScheduleState } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { duration, plural, utc } from '../runbook/format.ts';

/** How one operation stands against how often the procedure wants it. */
export interface Punctuality {
  readonly operation: OperationName;
  readonly overdue: boolean;
  /** RFC 3339, UTC: start of the newest good one; null for none. */
  readonly lastGoodAt: string | null;
  /** RFC 3339, UTC: until when the next good one is due; null where nothing tells since when it is wanted. */
  readonly dueAt: string | null;
  readonly found: string;
  readonly expected: string;
}

/**
 * Which operations have no good run that is young enough. One that never had any counts from the moment since which it
 * is scheduled: a new installation is not late on its first day. One that nothing schedules is late at once.
 *
 * @param lastGood RFC 3339, UTC: start of the newest good run of each operation; absent for none
 * @param nowMs UTC, ms
 */
export function punctuality(
  { overdueAfterMs }: Pick<Policy, 'overdueAfterMs'>,
  lastGood: ReadonlyMap<OperationName, string>,
  schedules: readonly ScheduleState[],
  nowMs: number,
): readonly Punctuality[] {
  return watchedOperations({ overdueAfterMs }).map((operation) => {
    const maxAgeMs = overdueAfterMs[operation] ?? 0;
    const last = lastGood.get(operation);
    const since = last ?? schedules.find((state) => state.operation === operation)?.changedAt;
    const dueMs = since === undefined ? null : Date.parse(since) + maxAgeMs;
    return {
      operation,
      lastGoodAt: last ?? null,
      overdue: dueMs === null || nowMs > dueMs,
      dueAt: dueMs === null ? null : new Date(dueMs).toISOString(),
      found: foundOf(last, since),
      expected: `a good one at least every ${longDuration(maxAgeMs)}`,
    };
  });
}

/** What the policy wants at least so often. */
export function watchedOperations({
  overdueAfterMs,
}: Pick<Policy, 'overdueAfterMs'>): readonly OperationName[] {
  const isWatched = (name: string): name is keyof typeof overdueAfterMs => name in overdueAfterMs;
  return Object.keys(overdueAfterMs).filter(isWatched);
}

function foundOf(last: string | undefined, since: string | undefined): string {
  if (last !== undefined) return `last good one ${utc(`${last.slice(0, 16)}Z`)}`;
  return since === undefined
    ? 'never done, and nothing schedules it'
    : `never done; scheduled since ${utc(`${since.slice(0, 16)}Z`)}`;
}

function longDuration(ms: number): string {
  const dayMs = 24 * 3_600_000;
  return ms < 2 * dayMs ? duration(ms) : plural(Math.floor(ms / dayMs), 'day', 'days');
}
