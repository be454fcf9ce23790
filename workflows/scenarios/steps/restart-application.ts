import type { Restarts } from '../../contracts/crash.ts';
import type { Policy } from '../../contracts/policy.ts';
import { activities } from '../../runbook/activities.ts';
import { duration, utc } from '../../runbook/format.ts';
import { action, manual, type StepContext } from '../../runbook/runbook.ts';

/** Only a person can know which password is the right one. */
export const mendDatabaseLogin = manual({
  id: 'mend-database-login',
  title: 'Mend the login of the application to its database',
  phase: 'resuming',
  when: ({ facts }) => loginIsRefused(facts),
  facts: ({ fact, policy }) => [
    { label: 'Found', value: fact('crashCause').found },
    ...fact('crashCause').lines.map((value) => ({ label: 'Log', value })),
    {
      label: 'What to do',
      value: `Set ${policy.applicationRoles.map(({ variable }) => variable).join(', ')} at the platform to the password that the database takes, or give the role the password that the variable has. The application is deployed again after that.`,
    },
  ],
  skippable: 'the application is deployed again with the login that was refused',
});

/** Restarts by itself, without approval, until the application stays healthy or its crash is persistent by the policy. */
export const restartApplication = action({
  id: 'restart-application',
  title: 'Restart the application',
  phase: 'resuming',
  undo: null,
  when: ({ facts, policy, deploymentId }) =>
    deploymentId === null &&
    facts.outage?.down === true &&
    failingDeployment(facts) !== null &&
    policy.crash.persistentAfter > 1 &&
    (facts.crashCause === undefined || facts.crashCause.restartMayHelp || loginIsRefused(facts)),
  run: (context) => restartUntilDecided(context, failingDeployment(context.facts) ?? ''),
  summary: ({ fact, policy }) => {
    const { healed, restarted, failures } = fact('restarts');
    if (healed) return `healthy since restart ${restarted}`;
    const first = failures[0]?.at ?? null;
    return `persistent: ${failures.length} failures since ${utc(first)}, ${policy.crash.persistentAfter} within ${duration(policy.crash.withinMs)} are enough; the last: ${failures.at(-1)?.found ?? 'unknown'}`;
  },
});

async function restartUntilDecided(context: StepContext, failing: string) {
  const { policy, facts, fact } = context;
  const { crash, health } = policy;
  const outage = fact('outage');
  let restarts: Restarts = facts.restarts ?? {
    restarted: 0,
    healed: false,
    failures: [{ at: outage.probedAt, found: outage.answer }],
  };
  let deploymentId = failing;
  for (;;) {
    const ordered = await activities.crash.restartApplication({
      deploymentId,
      withVariablesOfNow: facts.crashCause?.kind === 'missing-variable' || loginIsRefused(facts),
      deadlineMs: crash.restartDeadlineMs,
    });
    deploymentId = ordered.deploymentId;
    const outcome = await activities.crash.observeRestart({
      deploymentId,
      watchMs: health.watchMs,
      probeEveryMs: health.probeEveryMs,
      deadlineMs: crash.restartDeadlineMs,
    });
    const restarted = restarts.restarted + 1;
    if (outcome.kind === 'healthy') {
      const { healthySince, watchedMs, probes } = outcome;
      return {
        restarts: { ...restarts, restarted, healed: true },
        health: { healthySince, watchedMs, probes, failedBeforeHealthy: restarts.failures.length },
      };
    }
    const { at, found } = outcome;
    restarts = { restarted, healed: false, failures: [...restarts.failures, { at, found }] };
    context.note({ restarts });
    if (isPersistent(restarts.failures, policy)) return { restarts };
  }
}

/**
 * Whether the newest failures are so many within so short a time as the policy says; also when they have gone on for
 * the whole recovery time of a crash, however rare they are.
 */
export function isPersistent(
  failures: readonly { readonly at: string }[],
  { crash, objectives }: Pick<Policy, 'crash' | 'objectives'>,
): boolean {
  const times = failures.map(({ at }) => Date.parse(at));
  const last = times.at(-1) ?? 0;
  const recent = times.filter((time) => last - time <= crash.withinMs);
  return (
    recent.length >= crash.persistentAfter ||
    last - (times[0] ?? last) >= objectives['application-crash'].rtoMs
  );
}

function failingDeployment({ crashCause, applicationBefore }: StepContext['facts']): string | null {
  return crashCause?.deployment?.id ?? applicationBefore?.deploymentId ?? null;
}

function loginIsRefused({ crashCause }: StepContext['facts']): boolean {
  return crashCause?.kind === 'database' && crashCause.databaseLogin === 'refused';
}
