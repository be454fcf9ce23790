import { describe, expect, it } from 'vitest';
import { policy } from '../../../worker/policy.ts';
import { isPersistent } from '../../../workflows/scenarios/steps/restart-application.ts';

const second = 1_000;
const minute = 60 * second;
const begin = Date.parse('2026-01-31T03:00:00Z');
const failuresAt = (...afterMs: number[]) =>
  afterMs.map((ms) => ({ at: new Date(begin + ms).toISOString() }));
const persistent = (persistentAfter: number, withinMs: number, ...afterMs: number[]) =>
  isPersistent(failuresAt(...afterMs), { ...policy, crash: { ...policy.crash, persistentAfter, withinMs } });

describe('a crash', () => {
  it.for([
    ['the one failure that began it', 2, minute, [0], false],
    ['so many failures within the time', 2, minute, [0, 30 * second], true],
    ['exactly at the end of the time', 2, minute, [0, minute], true],
    ['a second failure later than that', 2, minute, [0, minute + 1], false],
    ['the newest failures within the time', 3, minute, [0, 2 * minute, 2.5 * minute, 3 * minute], true],
    ['rare failures all through the recovery time', 3, minute, [0, 2.5 * minute, 5 * minute], true],
  ] as const)('after %s is persistent or not by the policy', ([, after, within, moments, expected]) => {
    expect(persistent(after, within, ...moments)).toBe(expected);
  });

  it('leaves time for a rollback within the objective, by the policy', () => {
    const { crash, objectives } = policy;
    const longest = (crash.persistentAfter - 1) * crash.restartDeadlineMs;
    expect(longest).toBeLessThanOrEqual(objectives['application-crash'].rtoMs / 2);
  });
});
