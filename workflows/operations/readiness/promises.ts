import { checkNames, isCheck } from '../../contracts/check-names.ts';
import type { OperationRecord } from '../../contracts/operations.ts';
import type { Policy, Scenario } from '../../contracts/policy.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { duration } from '../../runbook/format.ts';
import { byAttestation } from './evidence.ts';
import {
  attention,
  dr,
  type Examination,
  failed,
  judged,
  ok,
  type ReadinessQuestion,
} from './examination.ts';

const group = 'beyond';

/** Scenarios that go back by the provider's point-in-time recovery. */
const rewinding = [
  'database-corruption',
  'data-loss',
  'security-breach',
] as const satisfies readonly Scenario[];

/** Whether the objectives can be kept at all, and whether somebody is there to decide. */
export const promises: readonly ReadinessQuestion[] = [
  { group, item: 'RPO that the provider can keep', judge: recoveryPoint },
  { group, item: 'RTO that can be kept', judge: ({ policy }) => recoveryTime(policy) },
  { group, item: 'RPO of complete failure', judge: completeFailure },
  {
    group,
    item: 'Provider region and redundancy',
    judge: (examination) =>
      judged(examination.facts.project, ({ region }) => {
        const redundancy = byAttestation(examination, 'provider-redundancy', attention);
        return redundancy.state === 'attention'
          ? attention(
              `region ${region}; redundancy unknown: the provider’s API does not tell it, and ${redundancy.found}`,
              ...redundancy.todo,
            )
          : { ...redundancy, found: `region ${region}; redundancy ${redundancy.found}` };
      }),
  },
  {
    group,
    item: 'Two people who may approve',
    judge: ({ policy }) => {
      const approvers = policy.people.filter(({ mayApprove }) => mayApprove);
      const people = new Set(approvers.map(({ email }) => email.toLowerCase()));
      const found = approvers.map(({ name, email }) => `${name} <${email}>`).join(', ');
      return people.size > 1
        ? ok(found)
        : failed(
            found === '' ? 'nobody may approve' : `only ${found}`,
            'Add a second person with an address of their own to people in the policy: the one who starts may not approve.',
          );
    },
  },
];

/** An objective that the provider cannot meet is said, not passed over. */
function recoveryPoint({ facts, policy }: Examination): ReadinessAnswer {
  const lagMs = policy.restore.providerLagMs;
  return judged(facts.provider, (checks) => {
    const measured = checks.find((check) => isCheck(check, checkNames.providerPoint));
    const now = measured === undefined ? 'unknown now' : `now ${measured.found}`;
    const unmet = rewinding.filter((scenario) => policy.objectives[scenario].rpoMs < lagMs);
    const [first] = unmet;
    const lag = `the newest recovery point lies up to ${duration(lagMs)} back (${now})`;
    if (first === undefined) return ok(lag);
    return attention(
      `${lag}: the objective of ${duration(policy.objectives[first].rpoMs)} CANNOT be met for ${unmet.join(', ')}`,
      'Tell whoever counts on the objective, or change it in the policy. A recovery waits for the provider, so that nothing more is lost.',
    );
  });
}

/** By the durations that the procedure expects; what people take to decide comes on top. */
function recoveryTime({ objectives, expected, health }: Policy): ReadinessAnswer {
  const restartMs = expected.redeploy.maxMs + health.watchMs;
  const needed = {
    'database-corruption': expected.restore.maxMs + restartMs,
    'application-crash': restartMs,
    'data-loss': expected.restore.maxMs + restartMs,
    'security-breach': expected.restore.maxMs + restartMs,
  } as const satisfies Partial<Record<Scenario, number>>;
  const unmet = ([...rewinding, 'application-crash'] as const).filter(
    (scenario) => needed[scenario] > objectives[scenario].rtoMs,
  );
  const basis = `by the longest times of the policy: restore ${duration(expected.restore.maxMs)}, new deployment ${duration(expected.redeploy.maxMs)}, watching ${duration(health.watchMs)}`;
  if (unmet.length === 0) return ok(`${basis}; people's decisions come on top`);
  return attention(
    `${unmet.map((scenario) => `${scenario} may take ${duration(needed[scenario])}, objective ${duration(objectives[scenario].rtoMs)}`).join('; ')} (${basis}; people's decisions come on top)`,
    'Measure it in a drill; shorten health.watchMs, or change the objective in the policy.',
  );
}

/** Interval, duration and copies of the half-hourly backup, as the last one measured them. */
function completeFailure(examination: Examination): ReadinessAnswer {
  const { facts, policy } = examination;
  return judged(facts.backups, (records) => {
    const exposure = records.flatMap(exposureOf)[0];
    const todo = dr(examination, 'backup');
    if (exposure === undefined) return failed('unknown: no backup has measured it yet', todo);
    const { finishedAt, check } = exposure;
    const ageMs = examination.nowMs - Date.parse(finishedAt);
    if (ageMs > policy.backups.maxAgeMs.recent) {
      return failed(`the newest backup is ${duration(ageMs)} old; then it was ${check.found}`, todo);
    }
    return check.passed
      ? ok(`${check.found}, ${check.expected}`)
      : failed(
          `${check.found}, ${check.expected}`,
          'Shorten recentIntervalMs and its schedule in the policy.',
        );
  });
}

function exposureOf({ checks, finishedAt }: OperationRecord) {
  const check = checks.find((check) => isCheck(check, checkNames.exposure));
  return check === undefined ? [] : [{ finishedAt, check }];
}
