import { Context } from '@temporalio/activity';
import type { RestoreRequestOutcome } from '../ports.ts';
import type { RestoreContext } from './dependencies.ts';

/**
 * Sends the restore request once, and never after its deadline. The workflow gives it one attempt; should there be a
 * second one all the same, that one sends nothing, because the first may have gone out.
 *
 * @param input.targetUnix integer UTC second
 * @param input.deadlineUnixMs from this moment on (ms since 1970, UTC) nothing is sent any more
 */
export async function sendRestoreRequest(
  { platform }: RestoreContext,
  input: { readonly targetUnix: number; readonly deadlineUnixMs: number },
): Promise<RestoreRequestOutcome> {
  const { attempt } = Context.current().info;
  if (attempt > 1) {
    return {
      kind: 'uncertain',
      reason: `This is attempt ${attempt}: an earlier one may have sent the request.`,
    };
  }
  return platform.requestPointInTimeRestore({
    targetUnix: input.targetUnix,
    deadline: new Date(input.deadlineUnixMs),
  });
}
