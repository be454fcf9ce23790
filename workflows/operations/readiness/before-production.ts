import { checkNames, isCheck } from '../../contracts/check-names.ts';
import type { OperationCheck } from '../../contracts/operations.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { alertRoads } from './alert-roads.ts';
import { drillSchedule } from './drills.ts';
import { allOf, byAttestation, byLastRun, bySchedules } from './evidence.ts';
import { type Examination, failed, judged, ok, type ReadinessQuestion } from './examination.ts';
import { monitoring } from './monitoring.ts';

const group = 'before-production';

/** The procedure's section 10, "Before Going to Production", line by line. */
export const beforeProduction: readonly ReadinessQuestion[] = [
  { group, item: 'Supabase backups configured', judge: providerBackups },
  {
    group,
    item: 'Daily backup schedule set',
    judge: (examination) =>
      bySchedules(
        examination,
        ({ operation, tier }) => operation === 'backup' && tier === 'daily',
        failed('the policy has no schedule of a daily backup', 'Add it to worker/schedules.ts.'),
      ),
  },
  { group, item: 'PITR enabled', judge: pointInTimeRecovery },
  {
    group,
    item: 'Backup validation script created',
    judge: (examination) =>
      allOf(
        bySchedules(
          examination,
          ({ operation }) => operation === 'backup-validation',
          failed('the policy has no schedule of a backup validation', 'Add it to worker/schedules.ts.'),
        ),
        lastValidation(examination),
      ),
  },
  { group, item: 'Restore procedure tested', judge: lastRestoreTest },
  {
    group,
    item: 'Recovery plan documented',
    judge: (examination) => byAttestation(examination, 'recovery-plan-documented'),
  },
  {
    group,
    item: 'Team trained on recovery',
    judge: (examination) => byAttestation(examination, 'team-trained'),
  },
  {
    group,
    item: 'Monitoring configured',
    judge: monitoring,
  },
  { group, item: 'Alerts configured', judge: alertRoads },
  { group, item: 'DR drill scheduled', judge: drillSchedule },
];

/** The newest validation of all backups, not older than a day and its grace. */
export function lastValidation(examination: Examination): ReadinessAnswer {
  return byLastRun(examination, {
    operation: 'backup-validation',
    records: examination.facts.validations,
    maxAgeMs: examination.policy.backups.maxAgeMs.daily,
    command: 'backup validate',
  });
}

/** The newest restore test, not older than a week and its grace (by the policy). */
export function lastRestoreTest(examination: Examination): ReadinessAnswer {
  return byLastRun(examination, {
    operation: 'restore-test',
    records: examination.facts.restoreTests,
    maxAgeMs: examination.policy.overdueAfterMs['restore-test'] ?? Number.POSITIVE_INFINITY,
    command: 'backup test-restore',
  });
}

/** With PITR the provider makes no daily backups: then its newest recovery point must be fresh. */
function providerBackups({ facts }: Examination): ReadinessAnswer {
  const todo = 'Look at the backups in the provider’s dashboard (Database, Backups), and at its status page.';
  return judged(facts.provider, (checks) =>
    checks.some((check) => isCheck(check, checkNames.providerPoint, checkNames.providerDaily))
      ? byChecks(
          checks.filter((check) =>
            isCheck(check, checkNames.providerPoint, checkNames.providerDaily, checkNames.providerSchedule),
          ),
          todo,
        )
      : failed('the provider has no recovery point yet', todo),
  );
}

function pointInTimeRecovery({ facts }: Examination): ReadinessAnswer {
  const todo =
    'Enable point-in-time recovery in the provider’s dashboard (Database, Backups). It does not reach back: its window grows from then on.';
  return judged(facts.provider, (checks) => {
    const window = checks.filter((check) => isCheck(check, checkNames.providerWindow));
    return window.length === 0 ? failed('not enabled', todo) : byChecks(window, todo);
  });
}

function byChecks(checks: readonly OperationCheck[], todo: string): ReadinessAnswer {
  const nameOf = ({ name }: OperationCheck) => name.replace('provider: ', '');
  const wrong = checks.filter(({ passed }) => !passed);
  return wrong.length > 0
    ? failed(
        wrong.map((check) => `${nameOf(check)}: ${check.found}, expected ${check.expected}`).join('; '),
        todo,
      )
    : ok(checks.map((check) => `${nameOf(check)}: ${check.found}`).join('; '));
}
