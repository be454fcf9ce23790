import { Context } from '@temporalio/activity';
import type { RestoreRequestOutcome } from '../ports.ts';
import type { RestoreContext } from './dependencies.ts';

/**
 * Sends the restore request once, and never after its deadline. The workflow gives it one attempt; should there be a
 * second one all the same, that one sends nothing, because the first may have gone out. A run that was reset in
 * Temporal sends nothing on the approval of the run before: that one may have sent it.
 *
 * @param input.targetUnix integer UTC second
 * @param input.deadlineUnixMs from this moment on (ms since 1970, UTC) nothing is sent any more
 * @param input.approvedInRun the Temporal run that the approval was given to
 */
export async function sendRestoreRequest(
  { platform }: RestoreContext,
  input: { readonly targetUnix: number; readonly deadlineUnixMs: number; readonly approvedInRun: string },
): Promise<RestoreRequestOutcome> {
  const { attempt, workflowExecution } = Context.current().info;
  if (attempt > 1) {
    return {
      kind: 'uncertain',
      reason: `This is attempt ${attempt}: an earlier one may have sent the request.`,
    };
  }
  if (workflowExecution?.runId !== input.approvedInRun) {
    return {
      kind: 'uncertain',
      reason: `The approval was given to run ${input.approvedInRun}, which may have sent the request before a reset.`,
    };
  }
  return platform.requestPointInTimeRestore({
    targetUnix: input.targetUnix,
    deadline: new Date(input.deadlineUnixMs),
  });
}
