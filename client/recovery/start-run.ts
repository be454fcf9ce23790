import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { RecoveryInput, RepairInput } from '../../workflows/contracts/inputs.ts';
import {
  type RunnableScenario,
  recoveryWorkflowId,
  scenarioWorkflows,
  searchAttributes,
  taskQueue,
} from '../../workflows/contracts/names.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { TemporalAccess } from '../connection.ts';
import { occupied } from './occupied.ts';
import type { RecoveryHandle } from './run.ts';
import { explainUnregistered } from './search-attributes.ts';

type StartInput = RecoveryInput | RepairInput;

/** Longest static summary that Temporal takes, in bytes. */
const summaryBytes = 200;

/**
 * Starts a recovery, or the repair of what one left behind; there is one at a time in an environment.
 *
 * @param details Markdown for the run's page in the Web UI
 * @throws CommandStopped with exit code 2 when another run holds the environment
 */
export async function startRun(
  access: TemporalAccess,
  scenario: RunnableScenario,
  input: StartInput,
  summary: string,
  details: string,
): Promise<{ readonly handle: RecoveryHandle; readonly runId: string }> {
  try {
    const handle = await access.client.workflow.start<(input: StartInput) => Promise<RecoveryReport>>(
      scenarioWorkflows[scenario],
      {
        workflowId: recoveryWorkflowId(input.environment),
        taskQueue,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        args: [input],
        typedSearchAttributes: [
          { key: searchAttributes.environment, value: input.environment },
          { key: searchAttributes.scenario, value: scenario },
          { key: searchAttributes.phase, value: 'checking' },
        ],
        memo: { startedBy: input.startedBy, reason: input.reason },
        staticSummary: cutToBytes(summary, summaryBytes),
        staticDetails: details,
      },
    );
    const runId = handle.firstExecutionRunId;
    return {
      handle: access.client.workflow.getHandle<() => Promise<RecoveryReport>>(handle.workflowId, runId),
      runId,
    };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw await occupied(access, input.environment);
    throw explainUnregistered(error);
  }
}

function cutToBytes(text: string, limit: number): string {
  let kept = text;
  while (Buffer.byteLength(kept) > limit) kept = kept.slice(0, -1);
  return kept;
}
