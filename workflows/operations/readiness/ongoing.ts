import { commandFor, type OperationRecord } from '../../contracts/operations.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import type { ReviewName } from '../../contracts/reviews.ts';
import { lastRestoreTest, lastValidation } from './before-production.ts';
import { drillSchedule, lastDrill } from './drills.ts';
import { allOf, byLastRun, bySchedules } from './evidence.ts';
import { type Examination, failed, type ReadinessQuestion } from './examination.ts';
import type { Fact } from './facts.ts';

const group = 'ongoing';

/** The procedure's section 10, "Ongoing Maintenance", line by line. */
export const ongoing: readonly ReadinessQuestion[] = [
  { group, item: 'Daily backup verification', judge: lastValidation },
  {
    group,
    item: 'Weekly restore tests',
    judge: (examination) =>
      allOf(
        bySchedules(
          examination,
          ({ operation }) => operation === 'restore-test',
          failed('the policy has no schedule of a restore test', 'Add it to worker/schedules.ts.'),
        ),
        lastRestoreTest(examination),
      ),
  },
  {
    group,
    item: 'Monthly DR drills',
    judge: (examination) => allOf(drillSchedule(examination), lastDrill(examination)),
  },
  {
    group,
    item: 'Quarterly security audit',
    judge: (examination) => byReviews(examination, 'security-audit', examination.facts.securityAudits),
  },
  {
    group,
    item: 'Annual recovery plan review',
    judge: (examination) => byReviews(examination, 'plan-review', examination.facts.planReviews),
  },
];

/** Whether a review is scheduled, and the last one was good and is young enough. */
function byReviews(
  examination: Examination,
  operation: ReviewName,
  records: Fact<readonly OperationRecord[]>,
): ReadinessAnswer {
  return allOf(
    bySchedules(
      examination,
      (spec) => spec.operation === operation,
      failed(`the policy has no schedule of ${operation}`, 'Add it to worker/schedules.ts.'),
    ),
    byLastRun(examination, {
      operation,
      records,
      maxAgeMs: examination.policy.overdueAfterMs[operation] ?? Number.POSITIVE_INFINITY,
      command: commandFor({ operation, tier: null }),
    }),
  );
}
