import { DrError } from '../errors.ts';
import { poll, waitingSince } from '../restore/poll.ts';
import { askOnce } from './ask-once.ts';
import type { PowerDependencies } from './dependencies.ts';
import { notReached } from './not-reached.ts';

/**
 * Unpauses the project and waits until it says that it is healthy and its database answers: the word alone may be stale.
 *
 * @throws DrError `power-not-reached` (not retried), `provider-refused` when nothing came of a refused request, another
 *   `provider-*`, or `database-login-refused`
 */
export async function unpausePlatform({
  power,
  platform,
  database,
  timing,
}: PowerDependencies): Promise<{ readonly upAt: string }> {
  const refusal = await askOnce(() => power.unpause());
  const answers = async () => {
    try {
      await database.session((session) => session.query('SELECT 1'));
      return true;
    } catch (error) {
      if (error instanceof DrError && error.retried) return false;
      throw error;
    }
  };
  return poll(async (elapsedMs) => {
    const { status, raw } = await platform.status();
    if (status === 'healthy' && (await answers())) return { found: { upAt: new Date().toISOString() } };
    if (status === 'paused' && refusal !== undefined && elapsedMs >= timing.settleMs) throw refusal;
    if (elapsedMs >= timing.deadlineMs) throw notReached('up', raw, timing.deadlineMs);
    return { waitMs: timing.pollMs };
  }, waitingSince());
}
