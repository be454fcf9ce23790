import type { PlanInput } from '../../workflows/contracts/inputs.ts';
import { planWorkflow, planWorkflowId } from '../../workflows/contracts/names.ts';
import type { PlanReport } from '../../workflows/contracts/report.ts';
import { CommandStopped, refused } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import type { DrContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { runOn } from '../operations/run-workflow.ts';
import { explainFailure } from './failure.ts';

/** Failures which say that the input cannot be used. */
const inputFailures: readonly (string | null)[] = [
  'input-invalid',
  'target-outside-window',
  'pitr-not-enabled',
];

/**
 * Runs the read-only plan of a recovery and waits for it.
 *
 * @param withinMs how long it may take; after that it is ended, which changes nothing
 * @throws CommandStopped with exit code 2 for input that cannot be used, 1 for another failure, 3 when no worker answers
 */
export async function runPlan(
  access: TemporalAccess,
  input: PlanInput,
  context: DrContext,
  withinMs: number,
): Promise<PlanReport> {
  const { environment, startedBy, reason } = input.input;
  const ended = await runOn<PlanInput, PlanReport>(
    access,
    {
      type: planWorkflow,
      name: input.scenario,
      input,
      environment,
      startedBy,
      as: {
        workflowId: (at) => planWorkflowId(environment, at.getTime()),
        summary: `Plan of ${input.scenario} in ${environment}: reads only`,
        reason,
      },
      readsOnly: true,
    },
    context,
    withinMs,
  );
  if ('result' in ended) return ended.result;
  const { type, explanation, facts } = explainFailure(ended.error);
  const known = facts.map(({ label, value }) => `${label}: ${value}`);
  throw inputFailures.includes(type)
    ? refused(explanation.happened, explanation.next, [explanation.meaning, ...known])
    : new CommandStopped(exitCodes.failed, explanation, ['Nothing was changed.', ...known]);
}
