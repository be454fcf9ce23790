import { ApplicationFailure } from '@temporalio/workflow';
import type { PlanInput } from '../contracts/inputs.ts';
import { isRunnableScenario } from '../contracts/names.ts';
import type { Policy } from '../contracts/policy.ts';
import type { PlanReport } from '../contracts/report.ts';
import { activities } from '../runbook/activities.ts';
import { planRunbook } from '../runbook/plan.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { runbooks } from '../scenarios/index.ts';
import { readScenarios } from './readiness/read-scenarios.ts';
import { warnOfStolenCredentials } from './stolen-credentials-warning.ts';

/**
 * Finds out what a recovery would do, and writes nothing anywhere.
 *
 * @returns what the checks found before anything would be changed, and the steps that would follow
 * @throws `input-invalid`, `target-outside-window`, `pitr-not-enabled` when the input cannot be used; not retried
 */
export async function plan(input: PlanInput): Promise<PlanReport> {
  if (!isRunnableScenario(input.scenario)) {
    throw ApplicationFailure.nonRetryable(`There is no runbook for ${input.scenario}.`, 'input-invalid');
  }
  const { environment, startedBy } = input.input;
  const policy = await activities.governance.admit({ environment, startedBy });
  const runbook = runbooks[input.scenario];
  const planned = planWithWarnings(runbook, input, policy);
  if (input.checks === 'input') return planned;
  const [report, read] = await Promise.all([
    planned,
    // A plan is made also where nothing tells of drills.
    readScenarios(environment, policy).catch(() => null),
  ]);
  return {
    ...report,
    readiness: read?.scenarios.find(({ scenario }) => scenario === input.scenario) ?? null,
  };
}

async function planWithWarnings(runbook: Runbook, input: PlanInput, policy: Policy): Promise<PlanReport> {
  const [report, warnings] = await Promise.all([
    planRunbook(runbook, input, policy),
    warnOfStolenCredentials(input, policy),
  ]);
  return { ...report, warnings: [...report.warnings, ...warnings] };
}
