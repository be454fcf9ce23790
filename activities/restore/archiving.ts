/** Three times the usual lag: a slow archiver is still waited for, a broken one is not. */
const graceFactor = 3;

/**
 * Whether the provider may still be archiving up to a target that its window does not reach yet. A target that is
 * older than three times the usual lag is not on its way: nothing was written since, or archiving has failed.
 *
 * @param providerLagMs how far behind now the provider's newest recovery point usually lies, in ms
 */
export function stillArchiving(input: {
  readonly targetUnix: number;
  readonly latestUnix: number;
  readonly providerLagMs: number;
  readonly now: Date;
}): boolean {
  const { targetUnix, latestUnix, providerLagMs, now } = input;
  return targetUnix > latestUnix && now.getTime() - targetUnix * 1000 <= graceFactor * providerLagMs;
}
