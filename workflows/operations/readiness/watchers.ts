import type { OperationName, OperationRecord } from '../../contracts/operations.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { punctuality } from '../overdue.ts';
import { type Examination, failed, judged, ok, type ReadinessQuestion } from './examination.ts';

/** Whether those run that would notice that something else does not: nothing watches both of them but this. */
export const watchers: readonly ReadinessQuestion[] = [
  { group: 'beyond', item: 'What does not run is noticed', judge: watchersRun },
];

const watching = ['schedules-check', 'overdue-check'] as const satisfies readonly OperationName[];

/** One that was never run yet is in time as long as its first run is not due. */
function watchersRun({ facts, policy, nowMs }: Examination): ReadinessAnswer {
  return judged(facts.schedules, (schedules) =>
    judged(facts.schedulesChecks, (schedulesChecks) =>
      judged(facts.overdueChecks, (overdueChecks) => {
        const lastGood = new Map(
          [...newestGood(schedulesChecks), ...newestGood(overdueChecks)].map(({ operation, startedAt }) => [
            operation,
            startedAt,
          ]),
        );
        const stands = punctuality(policy, lastGood, schedules, nowMs).filter(({ operation }) =>
          watching.some((one) => one === operation),
        );
        const found = stands.map((one) => `${one.operation}: ${one.found}`).join('; ');
        return stands.some(({ overdue }) => overdue)
          ? failed(found, 'Look at these schedules and their last runs in Temporal: npx dr schedules')
          : ok(found);
      }),
    ),
  );
}

function newestGood(records: readonly OperationRecord[]): readonly OperationRecord[] {
  return records.filter(({ outcome }) => outcome === 'succeeded').slice(0, 1);
}
