import { describe, expect, it } from 'vitest';
import type { DatabasePlatform } from '../../../activities/ports.ts';
import { checkProvider } from '../../../activities/provider-backups/check-provider.ts';

const now = '2026-03-01T04:00:00Z';
const nowUnix = Date.parse(now) / 1000;
const day = 86_400;
const expectation = {
  now,
  windowMs: 7 * day * 1000,
  usualLagMs: 120_000,
  maxLagMs: 300_000,
  rpoMs: 60_000,
  dailyMaxAgeMs: 26 * 3_600_000,
};

type Recoverability = Awaited<ReturnType<DatabasePlatform['recoverability']>>;

const findings = async (recoverability: Recoverability) => {
  const platform: Pick<DatabasePlatform, 'recoverability'> = { recoverability: async () => recoverability };
  const checks = await checkProvider(platform, expectation);
  return checks.map(({ name, passed, found }) => `${passed ? 'passed' : 'FAILED'} ${name}: ${found}`);
};
const withWindow = (reachDays: number, behindSeconds: number): Recoverability => ({
  pitrEnabled: true,
  backups: [],
  window: { earliestUnix: nowUnix - reachDays * day, latestUnix: nowUnix - behindSeconds },
});

describe('the check of the provider’s backups', () => {
  it('passes a window of seven days, and says which objective the provider cannot meet', async () => {
    expect(await findings(withWindow(7, 100))).toEqual([
      'passed provider: restore window reaches back: 7.0 days',
      'passed provider: newest recovery point: 100 s ago',
      'passed provider: recovery point objective: the provider lags 120 s: it CANNOT meet the objective of 60 s',
    ]);
  });

  it('fails a window that is too short, too old, or not there', async () => {
    expect(await findings(withWindow(6.9, 100))).toContain(
      'FAILED provider: restore window reaches back: 6.9 days',
    );
    expect(await findings(withWindow(8, 301))).toContain('FAILED provider: newest recovery point: 301 s ago');
    expect(await findings({ pitrEnabled: true, backups: [], window: null })).toEqual([
      'FAILED provider: restore window: none',
    ]);
  });

  it('looks at the daily backups where point-in-time recovery is off, and says that it is', async () => {
    const backup = (insertedAt: string, status = 'COMPLETED') => ({ id: null, insertedAt, status });
    const without = (...backups: ReturnType<typeof backup>[]): Recoverability => ({
      pitrEnabled: false,
      window: null,
      backups,
    });
    expect(await findings(without(backup('2026-03-01T02:00:00Z'), backup('2026-02-28T02:00:00Z')))).toEqual([
      'passed provider: newest daily backup: 2026-03-01T02:00:00.000Z, 2 completed in the list',
      'FAILED provider: point-in-time recovery: not enabled',
    ]);
    expect(await findings(without(backup('2026-02-28T01:00:00Z')))).toContain(
      'FAILED provider: newest daily backup: 2026-02-28T01:00:00.000Z, 1 completed in the list',
    );
    expect(await findings(without(backup('2026-03-01T02:00:00Z', 'FAILED')))).toContain(
      'FAILED provider: newest daily backup: no completed backup',
    );
  });
});
