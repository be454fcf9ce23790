import { Context } from '@temporalio/activity';

/** How often a long query is reported as alive, in ms: well below any heartbeat timeout that a step sets. */
const beatEveryMs = 2_000;

function context(): Context | undefined {
  try {
    return Context.current();
  } catch {
    return undefined;
  }
}

/**
 * Tells Temporal that the activity lives, and what it is at; does nothing outside an activity.
 *
 * @throws CancelledFailure when the activity was cancelled
 */
export function heartbeat(at: string): void {
  const activity = context();
  activity?.heartbeat(at);
  activity?.cancellationSignal.throwIfAborted();
}

/**
 * Runs work that cannot report by itself, such as one long query, and keeps the heartbeat going meanwhile.
 *
 * @throws CancelledFailure when the activity was cancelled before the work began, and whatever the work throws
 */
export async function withHeartbeat<T>(at: string, work: () => Promise<T>): Promise<T> {
  heartbeat(at);
  const timer = setInterval(() => context()?.heartbeat(at), beatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
