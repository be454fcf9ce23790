import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { RecoveryInput } from '../contracts/inputs.ts';
import {
  type RunnableScenario,
  recoveryWorkflowId,
  scenarioWorkflows,
  searchAttributes,
} from '../contracts/names.ts';
import type { RecoveryReport } from '../contracts/report.ts';

/**
 * Starts a recovery as a run of its own, which outlives the one that starts it.
 *
 * @param summary what Temporal's Web UI shows of it
 * @returns its run id; null where the environment has a recovery already: there is one at a time
 */
export async function startRecoveryRun(
  scenario: RunnableScenario,
  input: RecoveryInput,
  summary: string,
): Promise<string | null> {
  const { environment, startedBy, reason } = input;
  try {
    const run = await startChild<(input: RecoveryInput) => Promise<RecoveryReport>>(
      scenarioWorkflows[scenario],
      {
        workflowId: recoveryWorkflowId(environment),
        args: [input],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        typedSearchAttributes: [
          { key: searchAttributes.environment, value: environment },
          { key: searchAttributes.scenario, value: scenario },
          { key: searchAttributes.phase, value: 'checking' },
        ],
        memo: { startedBy, reason },
        staticSummary: summary,
      },
    );
    return run.firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}
