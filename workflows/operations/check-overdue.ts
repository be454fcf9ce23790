import { workflowInfo } from '@temporalio/workflow';
import {
  commandFor,
  type OperationCheck,
  type OperationInput,
  type OperationName,
  type OperationRecord,
} from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { closeIncident, openIncident } from './incident.ts';
import { runOperation } from './operation.ts';
import { type Punctuality, punctuality, watchedOperations } from './overdue.ts';

/**
 * Tells of each drill, test, check and review that is not done as often as the procedure wants it. Each is an incident of
 * its own kind, as a failure of it is: told once, and taken back by its next good run.
 */
export async function checkOverdue(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'overdue-check',
      title: 'Check for what is overdue',
      failureMeans: 'A drill, test or review that is not done would not be noticed.',
      subjects: {
        failure: 'The check for what is overdue fails',
        recovery: 'The check for what is overdue works',
      },
      work: async ({ environment }: OperationInput, policy) => {
        const checks: OperationCheck[] = [];
        for (const one of await readPunctuality(environment, policy)) {
          checks.push({
            name: `in time: ${one.operation}`,
            passed: !one.overdue,
            // Told as an incident of that operation, not as a failure of this one.
            advisory: true,
            found: one.found,
            expected: one.expected,
          });
          if (one.overdue) await tell(one, environment, policy);
          else await takeBack(one, environment);
        }
        const late = checks.filter(({ passed }) => !passed);
        return {
          summary: late.length === 0 ? 'nothing is overdue' : late.map(({ name }) => name).join(', '),
          checks,
        };
      },
    },
    input,
  );
}

async function readPunctuality(environment: string, policy: Policy): Promise<readonly Punctuality[]> {
  const lastGood = new Map<OperationName, string>();
  for (const operation of watchedOperations(policy)) {
    const at =
      operation === 'drill'
        ? await lastGoodDrill(environment, policy)
        : await activities.alerting.lastSucceeded({ environment, operation, tier: null });
    if (at !== null) lastGood.set(operation, at);
  }
  const schedules = await activities.coordination.listSchedules({ environment, upcoming: 0 });
  return punctuality(policy, lastGood, schedules, Date.now());
}

/** One of another environment counts where the policy says so. */
async function lastGoodDrill(environment: string, { verification }: Policy): Promise<string | null> {
  const environments = [environment, ...verification.drillsOf];
  const drills = await activities.fingerprint.listDrillEvidence({ environments });
  const good = drills.filter(({ succeeded }) => succeeded).map(({ finishedAt }) => finishedAt);
  return good.sort().at(-1) ?? null;
}

async function tell(
  { operation, dueAt, found, expected }: Punctuality,
  environment: string,
  { backups }: Policy,
): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  await openIncident({
    kind: { environment, operation, tier: null },
    title: operation,
    failedAt: dueAt ?? new Date().toISOString(),
    overdue: { command: commandFor({ operation, tier: null }) },
    happened: `${found}; expected ${expected}.`,
    meaning: 'Whether it would be good today is not known: what is not exercised is a guess.',
    workflowId,
    runId,
    address: backups.alertAddress,
    failureSubject: `Overdue: ${operation}`,
    recoverySubject: `Not overdue any more: ${operation}`,
  });
}

/** Its own good run takes an incident back as a rule; a drill that was held elsewhere cannot. */
async function takeBack({ operation, lastGoodAt }: Punctuality, environment: string): Promise<void> {
  const kind = { environment, operation, tier: null } as const;
  const open = await activities.alerting.readIncident(kind);
  if (open === null || lastGoodAt === null || Date.parse(lastGoodAt) < Date.parse(open.since)) return;
  await closeIncident(kind, new Date().toISOString());
}
