import { activityInfo } from '@temporalio/activity';
import type { DecisionRecord } from '../../workflows/contracts/decisions.ts';

/**
 * Whether an accepted approval was given to the very run that is about to act on it. A run that was reset in Temporal
 * replays the old verdict under a new run id: it must not count.
 *
 * @param input.approval the accepted approval
 * @returns `holds`, and the reason when it does not
 */
export async function approvalHolds(input: {
  readonly approval: DecisionRecord;
}): Promise<{ holds: boolean; reasons: string[] }> {
  const runId = activityInfo().workflowExecution?.runId;
  return input.approval.runId === runId
    ? { holds: true, reasons: [] }
    : {
        holds: false,
        reasons: [
          `The approval by ${input.approval.by} was given to run ${input.approval.runId}; this is run ${runId}, after a reset.`,
        ],
      };
}
