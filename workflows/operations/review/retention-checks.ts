import type { OperationCheck, OperationName } from '../../contracts/operations.ts';
import { activities } from '../../runbook/activities.ts';
import { plural } from '../../runbook/format.ts';
import { byRuns } from '../checklist-answer.ts';
import { planEverywhere } from '../plan-retention.ts';
import type { ReviewContext } from './checks.ts';

const dayMs = 24 * 3_600_000;

/** What the policy keeps against what is stored at each location, and whether the retention is carried out. */
export async function checkRetention({
  environment,
  policy,
}: ReviewContext): Promise<readonly OperationCheck[]> {
  const planned = await planEverywhere(policy, new Date().toISOString());
  const { daily, weekly, monthly, sql } = policy.backups.keep;
  const expected = `at most ${daily} daily, ${weekly} weekly, ${monthly} monthly, ${sql} SQL, and recent ones of ${plural(policy.backups.keepRecentMs / dayMs, 'day', 'days')}`;
  const places = planned.map((one): OperationCheck => {
    const name = `retention at ${one.location}`;
    if ('failure' in one) return { name, passed: false, found: one.failure.happened, expected };
    const { keep, remove } = one.plan;
    const held = keep.filter((decision) => decision.held === true).length;
    return {
      name,
      passed: keep.length > 0,
      found: `keeps ${keep.length} (${held} only because they are locked), removes ${remove.length} at its next run`,
      expected,
    };
  });
  return [...places, await checkLastRun('retention', environment, dayMs + 2 * 3_600_000)];
}

/** Whether the weekly restore test and the monthly full test are good and young enough. */
export async function checkRestoreTests({
  environment,
  policy,
}: ReviewContext): Promise<readonly OperationCheck[]> {
  const { 'restore-test': weeklyMs = 8 * dayMs, 'full-test': monthlyMs = 36 * dayMs } = policy.overdueAfterMs;
  return Promise.all([
    checkLastRun('restore-test', environment, weeklyMs),
    checkLastRun('full-test', environment, monthlyMs),
  ]);
}

async function checkLastRun(
  operation: OperationName,
  environment: string,
  maxAgeMs: number,
): Promise<OperationCheck> {
  const records = await activities.alerting.listOperationRecords({ environment, operation, limit: 8 });
  const { state, found, evidence } = byRuns(
    { operation },
    { records: new Map([[operation, records]]), incidents: [] },
    maxAgeMs,
    Date.now(),
  );
  return {
    name: `last ${operation}`,
    passed: state === 'done',
    found: evidence === null ? found : `${found} (${evidence.finishedAt.slice(0, 10)})`,
    expected: `a good one within ${plural(Math.floor(maxAgeMs / dayMs), 'day', 'days')}`,
  };
}
