import { poll, waitingSince } from '../restore/poll.ts';
import { askOnce } from './ask-once.ts';
import type { PowerDependencies } from './dependencies.ts';
import { notReached } from './not-reached.ts';

/**
 * Pauses the project and waits until it says so. A status that still says healthy is stale, and is waited out.
 *
 * @throws DrError `power-not-reached` (not retried), `provider-refused` when nothing came of a refused request, or
 *   another `provider-*`
 */
export async function pausePlatform({
  power,
  platform,
  timing,
}: PowerDependencies): Promise<{ readonly pausedAt: string }> {
  const refusal = await askOnce(() => power.pause());
  return poll(async (elapsedMs) => {
    const { status, raw } = await platform.status();
    if (status === 'paused') return { found: { pausedAt: new Date().toISOString() } };
    if (status === 'healthy' && refusal !== undefined && elapsedMs >= timing.settleMs) throw refusal;
    if (elapsedMs >= timing.deadlineMs) throw notReached('paused', raw, timing.deadlineMs);
    return { waitMs: timing.pollMs };
  }, waitingSince());
}
