import { Context } from '@temporalio/activity';

/** What one look found: the end of the wait, or how long to wait for the next look, in ms. */
type Look<Found> = { readonly found: Found } | { readonly waitMs: number };

/**
 * When a wait began that goes on over the loss of a worker: the first look of a first attempt, and the scheduling of
 * the activity for later ones. In ms since 1970, UTC.
 */
export function waitingSince(): number {
  const { attempt, scheduledTimestampMs } = Context.current().info;
  return attempt > 1 ? scheduledTimestampMs : Date.now();
}

/**
 * Looks again and again until something is found, with a heartbeat at each look.
 *
 * @param look gets the time since the wait began, in ms; what it throws ends the wait
 * @param sinceUnixMs when the wait began, in ms since 1970 (UTC); now when not given
 * @throws CancelledFailure when the activity is cancelled
 */
export async function poll<Found>(
  look: (elapsedMs: number) => Promise<Look<Found>>,
  sinceUnixMs: number = Date.now(),
): Promise<Found> {
  const context = Context.current();
  for (;;) {
    context.heartbeat();
    const seen = await look(Date.now() - sinceUnixMs);
    if ('found' in seen) return seen.found;
    await context.sleep(seen.waitMs);
  }
}
