import type { ScheduleState } from '../../workflows/contracts/operations.ts';
import type { Scheduler } from '../ports.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How late a run may begin before it counts as overdue, in ms: time for a worker to be restarted. */
const graceMs = 5 * minute;
/** How far back the newest moment is looked for: first where most are, then as far as a yearly one lies. */
const reachesMs = [day, 8 * day, 35 * day, 95 * day, 370 * day];

/**
 * The newest moment at which a schedule should have run and did not: none since then, although the schedule was as it
 * is. A moment of the last five minutes does not count yet.
 *
 * @returns RFC 3339, UTC; null when nothing is overdue
 * @throws DrError `orchestrator-unavailable` (retried)
 */
export async function overdueSince(
  scheduler: Scheduler,
  environment: string,
  state: ScheduleState,
  now: Date,
): Promise<string | null> {
  const to = now.getTime() - graceMs;
  const since = Date.parse(state.changedAt);
  for (const reach of reachesMs) {
    const from = Math.max(since, to - reach);
    if (from >= to) return null;
    const moments = await scheduler.matchingTimes(environment, state.id, iso(from), iso(to));
    const newest = moments.at(-1);
    if (newest === undefined) continue;
    return state.lastAt === null || Date.parse(state.lastAt) < Date.parse(newest) ? newest : null;
  }
  return null;
}

function iso(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
