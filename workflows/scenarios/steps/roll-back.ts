import type { DeploymentEvidence } from '../../contracts/crash.ts';
import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { basisOf, duration, utc } from '../../runbook/format.ts';
import { action, check, destructive, type StepContext } from '../../runbook/runbook.ts';

/** Whether the application must go back to another deployment: restarts did not help, cannot, or a person said so. */
export function mustGoBack({ facts, deploymentId }: StepContext): boolean {
  return deploymentId !== null || (facts.outage?.down === true && facts.restarts?.healed !== true);
}

/** Chooses the last good deployment, or takes the one that a person named. */
export const chooseGoodDeployment = check({
  id: 'choose-good-deployment',
  title: 'Choose the last good deployment',
  phase: 'checking',
  when: mustGoBack,
  run: async (context) => ({ goodDeployment: await choose(context) }),
  summary: ({ fact }) => {
    const { chosen, by, passedOver } = fact('goodDeployment');
    const others = passedOver.map(({ id, why }) => `${id}: ${why}`).join('; ');
    const found = chosen === null ? 'there is none' : `${deploymentInWords(chosen)}, by ${by}`;
    return others === '' ? found : `${found}; passed over ${others}`;
  },
});

const shared = {
  phase: 'resuming',
  run: goBack,
  summary: ({ fact }: StepContext) => {
    const { deploymentId, status } = fact('wentBackTo');
    const { chosen } = fact('goodDeployment');
    return `deployment ${deploymentId} is ${status}, made from ${chosen === null ? 'unknown' : deploymentInWords(chosen)}`;
  },
} as const;

/** Goes back by itself, where the policy allows it: the objective leaves no time to wait for people. */
export const rollBackByPolicy = action({
  id: 'roll-back-by-policy',
  title: 'Roll back to the last good deployment, as the policy allows',
  expected: (policy) => policy.expected.redeploy,
  when: ({ facts, policy }) => hasChoice(facts) && policy.crash.rollbackWithoutApproval,
  // Taking it back would start the version that fails again.
  undo: null,
  ...shared,
});

/** Goes back once a second person has approved exactly this. */
export const rollBack = destructive({
  id: 'roll-back',
  title: 'Roll back to the last good deployment',
  optional: false,
  expected: (policy) => policy.expected.redeploy,
  when: ({ facts, policy }) => hasChoice(facts) && !policy.crash.rollbackWithoutApproval,
  gate: {
    prepare: async (context) => ({ goodDeployment: await choose(context) }),
    question: ({ environment, fact }) => {
      const { chosen } = fact('goodDeployment');
      return `Roll ${environment} back to deployment ${chosen?.id ?? 'unknown'}?`;
    },
    facts: gateFacts,
    plan: ({ fact, facts }) => {
      const { chosen, by } = fact('goodDeployment');
      return {
        project: null,
        arguments: {
          from: facts.crashCause?.deployment?.id ?? 'none',
          to: chosen?.id ?? 'none',
          by,
          variablesSetAgain: (facts.keptVariables?.variables ?? []).map(({ name }) => name).join(', '),
        },
        safetyCopySha256: null,
        maximumLoss: [],
      };
    },
    approveLeadsTo: 'the older version is deployed in place of the failing one; the database is not touched',
  },
  recheck: async (context) => {
    const [now, outage] = await Promise.all([
      choose(context),
      activities.crashReads.confirmOutage({ probes: 1, probeEveryMs: 0 }),
    ]);
    const approved = context.fact('goodDeployment');
    const reasons = [
      ...(now.knownIds.join() === approved.knownIds.join() && now.chosen?.id === approved.chosen?.id
        ? []
        : ['Something was deployed since the approval was asked for.']),
      ...(outage.down || context.deploymentId !== null ? [] : ['The application is healthy again.']),
    ];
    return { holds: reasons.length === 0, reasons };
  },
  ...shared,
});

function choose({ facts, deploymentId }: StepContext) {
  return activities.crashReads.chooseGoodDeployment({
    badDeploymentId: facts.crashCause?.deployment?.id ?? facts.applicationBefore?.deploymentId ?? null,
    cause: facts.crashCause?.kind ?? 'unknown',
    wantedDeploymentId: deploymentId,
  });
}

function hasChoice({ goodDeployment }: StepContext['facts']): boolean {
  return (goodDeployment?.chosen ?? null) !== null;
}

async function goBack({ fact, policy }: StepContext) {
  const { chosen, by, knownIds } = fact('goodDeployment');
  if (chosen === null) {
    throw runbookFailure('deployment-failed', {
      happened: 'There is no deployment to go back to any more.',
      meaning: 'The application stays as it is.',
      next: 'Look at the deployments in the platform’s dashboard; retry to choose anew, or abort.',
    });
  }
  const deployed = await activities.crash.deployOnce({
    deploymentId: chosen.id,
    by,
    knownIds,
    deadlineMs: policy.health.deadlineMs,
  });
  const { deploymentId, status, running } = deployed;
  return { wentBackTo: { deploymentId, status, running } };
}

function gateFacts({ fact, facts, policy }: StepContext) {
  const { chosen, by, passedOver } = fact('goodDeployment');
  const cause = facts.crashCause;
  const expected = policy.expected.steps?.['roll-back'] ?? policy.expected.redeploy;
  return [
    { label: 'Fails', value: cause?.deployment ? deploymentInWords(cause.deployment) : 'unknown' },
    { label: 'Cause', value: cause === undefined ? 'unknown' : `${cause.kind}: ${cause.found}` },
    ...(cause?.lines ?? []).map((value) => ({ label: 'Log', value })),
    { label: 'Goes back to', value: chosen === null ? 'nothing' : `${deploymentInWords(chosen)}, by ${by}` },
    ...passedOver.map(({ id, why }) => ({ label: 'Passed over', value: `${id}: ${why}` })),
    {
      label: 'Variables',
      value:
        by === 'redeploy'
          ? 'those of now'
          : facts.keptVariables === undefined
            ? 'NOT KEPT: those of the older deployment come back'
            : 'those of now are set again afterwards',
    },
    { label: 'Database', value: 'not touched: the older version meets the schema of now' },
    {
      label: 'Takes',
      value: `${duration(expected.minMs)} to ${duration(expected.maxMs)}, ${basisOf(expected)}`,
    },
  ];
}

/** A deployment for people: id, age and commit. */
export function deploymentInWords({ id, status, createdAt, commit }: DeploymentEvidence): string {
  const from =
    commit === null
      ? 'commit unknown'
      : `commit ${commit.hash.slice(0, 8)}${commit.subject === null ? '' : ` "${commit.subject}"`}`;
  return `deployment ${id} of ${utc(createdAt)}, ${status}, ${from}`;
}
