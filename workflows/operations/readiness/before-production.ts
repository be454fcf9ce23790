import { checkNames, isCheck } from '../../contracts/check-names.ts';
import type { OperationCheck } from '../../contracts/operations.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { aWeekMs } from '../checklist-items.ts';
import { alertRoads } from './alert-roads.ts';
import { allOf, byAttestation, byLastRun, bySchedules } from './evidence.ts';
import { type Examination, failed, judged, ok, type ReadinessQuestion } from './examination.ts';

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
    judge: (examination) => allOf(healthAddress(examination), monitor(examination)),
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

/** The newest restore test, not older than a week and its grace. */
export function lastRestoreTest(examination: Examination): ReadinessAnswer {
  return byLastRun(examination, {
    operation: 'restore-test',
    records: examination.facts.restoreTests,
    maxAgeMs: aWeekMs,
    command: 'backup test-restore',
  });
}

/** Whether the policy schedules drills; a full test is none, as it recovers nothing. */
export function drillSchedule(examination: Examination): ReadinessAnswer {
  return bySchedules(
    examination,
    ({ id }) => id.startsWith('drill'),
    failed(
      'not there yet: no drill is scheduled',
      'Until this program schedules it, carry it out by hand on the first Monday of the month at 14:00 UTC (procedure, section 9).',
    ),
  );
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

function healthAddress({ facts }: Examination): ReadinessAnswer {
  return judged(facts.health, ({ healthy, latencyMs, detail }) =>
    healthy
      ? ok(`the health address answers in ${latencyMs} ms`)
      : failed(
          `the health address says: ${detail}`,
          'Look at the application and its logs, or correct APPLICATION_HEALTH_URL.',
        ),
  );
}

function monitor(examination: Examination): ReadinessAnswer {
  return bySchedules(
    examination,
    ({ id }) => id.startsWith('monitor'),
    failed(
      'not there yet: nothing here watches the application',
      'Let an outside monitor watch APPLICATION_HEALTH_URL, until this program does.',
    ),
  );
}
