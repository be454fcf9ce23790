import { describe, expect, it } from 'vitest';
import { policy } from '../../../worker/policy.ts';
import { dayMs, simulateDay } from './simulated-day.ts';

const { monitor } = policy;

describe('a simulated day of healthy traffic with noise', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('of seed %i opens nothing', (seed) => {
    const day = simulateDay(monitor, seed);
    expect(day.healthProbes).toBeGreaterThanOrEqual(dayMs / 5_000);
    expect(day.failedHealthProbes).toBeGreaterThan(20);
    expect(day.troubles).toEqual([]);
  });

  it('would open something with rules that take the first bad probe for trouble', () => {
    const hasty = { ...monitor, rules: monitor.rules.map((rule) => ({ ...rule, badAfter: 1 })) };
    expect(simulateDay(hasty, 1).troubles.length).toBeGreaterThan(20);
  });

  it('notices amid the same noise, within two intervals, when the application and its sales are gone', () => {
    const brokenFromMs = dayMs / 2 + 1_234;
    const { troubles } = simulateDay(monitor, 1, brokenFromMs);
    const noticedAfter = (signal: string) =>
      (troubles.find((one) => one.signal === signal)?.atMs ?? Number.NaN) - brokenFromMs;
    expect(noticedAfter('health-check')).toBeLessThanOrEqual(2 * monitor.probeEveryMs);
    expect(noticedAfter('missing-records')).toBeLessThanOrEqual(2 * monitor.everyMs.database);
    expect(troubles.filter(({ atMs }) => atMs < brokenFromMs)).toEqual([]);
  });
});
