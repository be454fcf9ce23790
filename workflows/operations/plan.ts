import { ApplicationFailure } from '@temporalio/workflow';
import type { PlanInput } from '../contracts/inputs.ts';
import type { RunnableScenario } from '../contracts/names.ts';
import type { PlanReport } from '../contracts/report.ts';
import { activities } from '../runbook/activities.ts';
import { planRunbook } from '../runbook/plan.ts';
import { runbooks } from '../scenarios/index.ts';

/**
 * Finds out what a recovery would do, and writes nothing anywhere.
 *
 * @returns what the checks found before anything would be changed, and the steps that would follow
 * @throws `input-invalid`, `target-outside-window`, `pitr-not-enabled` when the input cannot be used; not retried
 */
export async function plan(input: PlanInput): Promise<PlanReport> {
  if (!isRunnable(input.scenario)) {
    throw ApplicationFailure.nonRetryable(`There is no runbook for ${input.scenario}.`, 'input-invalid');
  }
  return planRunbook(
    runbooks[input.scenario],
    input,
    await activities.governance.admit({
      environment: input.input.environment,
      startedBy: input.input.startedBy,
    }),
  );
}

function isRunnable(scenario: string): scenario is RunnableScenario {
  return scenario in runbooks;
}
