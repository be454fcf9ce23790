import { describe, expect, test } from 'vitest';
import { recoveryPointWarnings } from '../../../activities/restore/recovery-point-warnings.ts';

const minute = 60_000;
const now = new Date('2026-03-01T12:00:00Z');
const unix = (moment: string) => Date.parse(moment) / 1000;
const fine = {
  targetUnix: unix('2026-03-01T11:00:00Z'),
  window: { earliestUnix: unix('2026-02-22T12:00:00Z'), latestUnix: unix('2026-03-01T11:58:00Z') },
  rpoMs: 2 * minute,
  providerLagMs: 2 * minute,
  now,
};

describe('warnings about a recovery point', () => {
  test('there are none when everything is as it should be', () => {
    expect(recoveryPointWarnings(fine)).toEqual([]);
  });

  test('an objective that the provider cannot meet is said with both figures', () => {
    const [warning, ...others] = recoveryPointWarnings({ ...fine, rpoMs: minute });
    expect(warning).toMatch(/about 2 min behind.*objective of 60 s \(RPO\)/);
    expect(others).toEqual([]);
  });

  test('a target that the provider may not have archived yet is said', () => {
    const targetUnix = unix('2026-03-01T11:58:01Z');
    const window = { ...fine.window, latestUnix: targetUnix };
    expect(recoveryPointWarnings({ ...fine, targetUnix, window })).toEqual([
      expect.stringContaining('within the last 2 min'),
    ]);
    expect(recoveryPointWarnings({ ...fine, targetUnix })).toEqual([
      expect.stringContaining('up to 2026-03-01 11:58:00 UTC only, 1 s before the target'),
    ]);
  });

  test('a newest recovery point that is older than usual is said with its age', () => {
    const window = { ...fine.window, latestUnix: unix('2026-03-01T08:40:00Z') };
    const targetUnix = window.latestUnix;
    expect(recoveryPointWarnings({ ...fine, targetUnix, window })).toEqual([
      expect.stringContaining('2026-03-01 08:40:00 UTC, 3 h 20 min ago'),
    ]);
  });
});
