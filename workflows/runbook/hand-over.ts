import { makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { RecoveryFacts } from '../contracts/facts.ts';
import type { RecoveryInput } from '../contracts/inputs.ts';
import { scenarioWorkflows, searchAttributes } from '../contracts/names.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import type { HandOver } from './runbook.ts';
import type { RunState } from './state.ts';

/**
 * Continues as the run of the other scenario, under the same workflow id and with all measures in force.
 *
 * @param input of the run that hands over
 * @param undoFacts what its measures are taken back by
 * @throws what Temporal ends the run by
 */
export async function continueAsOtherScenario(
  { to, because, backup }: HandOver,
  input: RecoveryInput,
  { measures, destroyed, identity }: RunState,
  undoFacts: Partial<RecoveryFacts>,
): Promise<void> {
  const { scenario } = identity.runbook;
  const continueAsOther = makeContinueAsNewFunc<(input: RecoveryInput) => Promise<RecoveryReport>>({
    workflowType: scenarioWorkflows[to],
    typedSearchAttributes: [
      { key: searchAttributes.environment, value: identity.environment },
      { key: searchAttributes.scenario, value: to },
      { key: searchAttributes.phase, value: 'checking' },
    ],
  });
  await continueAsOther({
    ...input,
    target: null,
    ...(backup === undefined ? {} : { backup }),
    left: { measures, facts: undoFacts, destroyed },
    handedOverBy: { scenario, runId: workflowInfo().runId, because },
  });
}
