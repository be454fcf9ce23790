import type {
  OperationCheck,
  ScheduleCounts,
  ScheduleSpec,
  ScheduleState,
} from '../../workflows/contracts/operations.ts';
import type { Scheduler } from '../ports.ts';
import type { CoordinationDependencies } from './dependencies.ts';
import { overdueSince } from './overdue.ts';

/** Input of {@link checkSchedules}. */
export interface SchedulesCheckInput {
  readonly environment: string;
  /** The counts that the check before returned; empty at the first. */
  readonly previous: readonly ScheduleCounts[];
}

/** What {@link checkSchedules} found, and the counts to give to the next check. */
export interface SchedulesCheck {
  readonly checks: readonly OperationCheck[];
  readonly counts: readonly ScheduleCounts[];
}

/**
 * Looks whether every schedule of the policy is there, as the policy says, not paused, and ran when it should have:
 * nothing missed or skipped since the check before, and nothing overdue. One check a schedule, one for the rest.
 *
 * @throws DrError `orchestrator-unavailable` (retried)
 */
export async function checkSchedules(
  { scheduler, policy }: CoordinationDependencies,
  { environment, previous }: SchedulesCheckInput,
): Promise<SchedulesCheck> {
  const now = new Date();
  const states = await scheduler.list(environment, policy.schedules, 0);
  const checks: OperationCheck[] = [];
  for (const spec of policy.schedules) {
    const state = states.find(({ id }) => id === spec.id);
    const before = previous.find(({ id }) => id === spec.id);
    const problems =
      state === undefined
        ? ['it is not in Temporal']
        : await problemsOf(scheduler, environment, state, before, now);
    checks.push({
      name: `schedule ${spec.id}`,
      passed: problems.length === 0,
      found: problems.length > 0 ? problems.join('; ') : `as the policy says, last run ${lastRun(state)}`,
      expected: `a run at each moment of ${momentsOf(spec)} UTC`,
    });
  }
  const unnamed = states.filter(({ id }) => !policy.schedules.some((spec) => spec.id === id));
  checks.push({
    name: 'no schedule beside the policy’s',
    passed: unnamed.length === 0,
    found: unnamed.length === 0 ? 'none' : unnamed.map(({ id }) => id).join(', '),
    expected: 'none',
  });
  const counts = states.map(({ id, missedCatchupWindow, skippedOverlap }) => ({
    id,
    missedCatchupWindow,
    skippedOverlap,
  }));
  return { checks, counts };
}

async function problemsOf(
  scheduler: Scheduler,
  environment: string,
  state: ScheduleState,
  before: ScheduleCounts | undefined,
  now: Date,
): Promise<string[]> {
  const missed = grown(state.missedCatchupWindow, before?.missedCatchupWindow);
  const skipped = grown(state.skippedOverlap, before?.skippedOverlap);
  const overdue = state.paused ? null : await overdueSince(scheduler, environment, state, now);
  return [
    ...(state.paused ? ['it is paused'] : []),
    ...(state.asPolicy || state.paused ? [] : ['it differs from the policy']),
    ...(missed > 0
      ? [`${missed} missed since the last check: Temporal was down or could not start them`]
      : []),
    ...(skipped > 0 ? [`${skipped} skipped since the last check: the run before was still going on`] : []),
    ...(overdue === null ? [] : [`overdue since ${overdue}, last run ${lastRun(state)}`]),
  ];
}

/** A count that fell belongs to a schedule that was made anew, which began at 0. */
function grown(count: number, before = 0): number {
  return count < before ? count : count - before;
}

function lastRun(state: ScheduleState | undefined): string {
  return state?.lastAt ?? 'none yet';
}

function momentsOf({ cron }: ScheduleSpec): string {
  return cron.map((expression) => `"${expression}"`).join(' and ');
}
