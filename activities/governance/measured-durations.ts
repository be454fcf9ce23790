import { setTimeout as delay } from 'node:timers/promises';
import type { Policy } from '../../workflows/contracts/policy.ts';
import type { GovernanceDependencies } from './index.ts';

/** How long a recovery waits to learn what earlier restores took, ms: a store that is away must not hold it back. */
const patienceMs = 3_000;

/** The policy with the durations that were measured here instead of the procedure's. Never throws. */
export async function withMeasuredDurations(
  policy: Policy,
  environment: string,
  read: GovernanceDependencies['measuredDurations'],
): Promise<Policy> {
  if (read === undefined) return policy;
  const enough = new AbortController();
  const measured = await Promise.race([
    read(environment).catch(() => ({})),
    delay(patienceMs, {}, { signal: enough.signal }),
  ]).finally(() => enough.abort());
  const known = Object.fromEntries(Object.entries(measured).filter(([, duration]) => duration !== null));
  return { ...policy, expected: { ...policy.expected, ...known } };
}
