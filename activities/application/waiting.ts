import { Context } from '@temporalio/activity';

/**
 * Looks again and again until there is something to see, heartbeating in between, so that a dead worker is noticed
 * and a cancelled run stops waiting.
 *
 * @param options.deadlineMs how long to wait at most, in ms, counted from now
 * @param options.progress what a later attempt finds as heartbeat details
 * @returns what was seen; undefined when the deadline passed
 */
export async function waitFor<T>(
  options: { readonly everyMs: number; readonly deadlineMs: number; readonly progress?: () => unknown },
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const context = Context.current();
  const giveUpAt = Date.now() + options.deadlineMs;
  for (;;) {
    const seen = await look();
    context.heartbeat(options.progress?.());
    if (seen !== undefined) return seen;
    if (Date.now() >= giveUpAt) return undefined;
    await context.sleep(options.everyMs);
  }
}
