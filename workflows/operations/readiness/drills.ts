import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { utc } from '../../runbook/format.ts';
import { bySchedules } from './evidence.ts';
import { dr, type Examination, failed, judged, ok } from './examination.ts';

/** Whether drills are scheduled, here or in an environment whose drills count here. */
export function drillSchedule(examination: Examination): ReadinessAnswer {
  const { drillsOf } = examination.policy.verification;
  if (drillsOf.length > 0) return ok(`drills are held in ${drillsOf.join(', ')}, and count here`);
  return bySchedules(
    examination,
    ({ operation }) => operation === 'drill',
    failed(
      'no drill is scheduled',
      'Add it to worker/schedules.ts; where production allows none, hold it in another environment and name that in verification.drillsOf.',
    ),
  );
}

/** The newest drill that counts here, of whatever scenario, not older than a month and its grace. */
export function lastDrill(examination: Examination): ReadinessAnswer {
  const { facts, policy, nowMs } = examination;
  return judged(facts.drills, (drills) => {
    const newest = drills.toSorted((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))[0];
    const todo = dr(examination, 'drill');
    if (newest === undefined) return failed('overdue: never drilled', todo);
    const { scenario, environment, finishedAt, succeeded, failure } = newest;
    const what = `last drill ${utc(`${finishedAt.slice(0, 16)}Z`)} (${scenario}, ${environment})`;
    if (!succeeded) return failed(`${what} failed${failure === null ? '' : `: ${failure}`}`, todo);
    const tooOld = nowMs - Date.parse(finishedAt) > (policy.overdueAfterMs.drill ?? Number.POSITIVE_INFINITY);
    return tooOld ? failed(`overdue: ${what}`, todo) : ok(what);
  });
}
