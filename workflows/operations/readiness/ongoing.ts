import { drillSchedule, lastRestoreTest, lastValidation } from './before-production.ts';
import { allOf, byAttestation, bySchedules } from './evidence.ts';
import { failed, type ReadinessQuestion } from './examination.ts';

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
  { group, item: 'Monthly DR drills', judge: drillSchedule },
  {
    group,
    item: 'Quarterly security audit',
    judge: (examination) => byAttestation(examination, 'security-audit'),
  },
  {
    group,
    item: 'Annual recovery plan review',
    judge: (examination) => byAttestation(examination, 'plan-review'),
  },
];
