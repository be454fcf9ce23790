import { describe, expect, it } from 'vitest';
import { DrError } from '../../../activities/errors.ts';
import type { DatabasePlatform } from '../../../activities/ports.ts';
import { checkProvider } from '../../../activities/provider-backups/check-provider.ts';
import { policy } from '../../../worker/policy.ts';

const now = '2026-03-01T04:00:00Z';
const nowUnix = Date.parse(now) / 1000;
const day = 86_400;
const { provider } = policy.backups;
const expectation = {
  ...provider,
  now,
  usualLagMs: policy.restore.providerLagMs,
  rpoMs: policy.objectives['data-loss'].rpoMs,
};

type Recoverability = Awaited<ReturnType<DatabasePlatform['recoverability']>>;

const findings = async (
  recoverability: Recoverability,
  changes: Partial<typeof expectation> & { readonly schedule?: string | null } = {},
) => {
  const { schedule = '02:00:00', ...others } = changes;
  const platform: Pick<DatabasePlatform, 'recoverability' | 'dailyBackupTime'> = {
    recoverability: async () => recoverability,
    dailyBackupTime: async () => {
      if (schedule !== null) return schedule;
      const happened = 'Supabase refused when reading the schedule (404: none).';
      throw new DrError('provider-refused', { happened, meaning: 'There is none.', next: 'Make one.' });
    },
  };
  const checks = await checkProvider(platform, { ...expectation, ...others });
  return checks.map(({ name, passed, advisory, found }) => {
    const state = passed ? 'passed' : advisory ? 'NOTICE' : 'FAILED';
    return `${state} ${name}: ${found}`;
  });
};
const withWindow = (reachDays: number, behindSeconds: number): Recoverability => ({
  pitrEnabled: true,
  backups: [],
  window: { earliestUnix: nowUnix - reachDays * day, latestUnix: nowUnix - behindSeconds },
});
const backup = (insertedAt: string, status = 'COMPLETED') => ({ id: null, insertedAt, status });
const daily = (...backups: ReturnType<typeof backup>[]): Recoverability => ({
  pitrEnabled: false,
  window: null,
  backups,
});
const objectiveUnmet =
  'NOTICE provider: recovery point objective: without point-in-time recovery up to a day is lost: it CANNOT meet the objective of 60 s';

describe('the check of the provider’s backups, by the policy', () => {
  it('with point-in-time recovery passes a window of seven days, and gives notice of the objective that the provider cannot meet', async () => {
    expect(await findings(withWindow(7, 100))).toEqual([
      'passed provider: restore window reaches back: 7.0 days',
      'passed provider: newest recovery point: 100 s ago (2026-03-01T03:58:20.000Z)',
      'passed provider: history: 0 completed; reaches back 7.0 days; the rest of 30.0 days is held by our own copies',
      'NOTICE provider: recovery point objective: the provider lags 120 s: it CANNOT meet the objective of 60 s',
    ]);
  });

  it('gives no notice where the provider meets the objective', async () => {
    expect(await findings(withWindow(7, 20), { usualLagMs: 30_000 })).toContain(
      'passed provider: recovery point objective: the provider lags 30 s',
    );
  });

  it('fails a window that is too short, too old, or not there', async () => {
    expect(await findings(withWindow(6.9, 100))).toContain(
      'FAILED provider: restore window reaches back: 6.9 days',
    );
    expect((await findings(withWindow(8, 301)))[1]).toMatch(
      /^FAILED provider: newest recovery point: 301 s ago/,
    );
    expect((await findings({ pitrEnabled: true, backups: [], window: null }))[0]).toBe(
      'FAILED provider: restore window reaches back: none',
    );
  });

  it('does not look for daily backups where point-in-time recovery has ended them', async () => {
    const names = (await findings(withWindow(8, 60), { schedule: null })).join('; ');
    expect(names).not.toContain('daily backup');
    expect(names).not.toContain('FAILED');
  });

  it('without it looks at schedule and age of the daily backups, and lists them', async () => {
    expect(
      await findings(
        daily(
          backup('2026-02-28T02:00:00Z'),
          backup('2026-03-01T02:00:00Z'),
          backup('2026-02-27T02:00:00Z', 'FAILED'),
        ),
      ),
    ).toEqual([
      'passed provider: schedule of the daily backup: 02:00:00 UTC',
      'passed provider: newest daily backup: 2026-03-01T02:00:00.000Z, 2 completed in the list',
      'passed provider: history: 2 completed (2026-03-01T02:00, 2026-02-28T02:00), 1 of another status; reaches back 1.1 days; the rest of 30.0 days is held by our own copies',
      objectiveUnmet,
    ]);
  });

  it('fails a schedule at another time, or none', async () => {
    const good = daily(backup('2026-03-01T02:00:00Z'));
    expect((await findings(good, { schedule: '04:00:00' }))[0]).toBe(
      'FAILED provider: schedule of the daily backup: 04:00:00 UTC',
    );
    expect((await findings(good, { schedule: null }))[0]).toBe(
      'FAILED provider: schedule of the daily backup: Supabase refused when reading the schedule (404: none).',
    );
  });

  it('allows a daily backup 24 hours and the grace, and no more', async () => {
    const ageOf = async (insertedAt: string, status?: string) =>
      (await findings(daily(backup(insertedAt, status))))[1]?.slice(0, 6);
    expect(await ageOf('2026-02-28T02:00:00Z')).toBe('passed');
    expect(await ageOf('2026-02-28T01:59:59Z')).toBe('FAILED');
    expect(await ageOf('2026-03-01T02:00:00Z', 'FAILED')).toBe('FAILED');
    expect((await findings(daily()))[1]).toBe('FAILED provider: newest daily backup: no completed backup');
  });

  it('asks nothing of our own copies where the provider keeps the history itself', async () => {
    const month = Array.from({ length: 31 }, (_, index) =>
      backup(new Date(Date.parse('2026-03-01T02:00:00Z') - index * day * 1000).toISOString()),
    );
    const history = (await findings(daily(...month)))[2];
    expect(history).toMatch(/^passed provider: history: 31 completed .*; reaches back 30\.1 days$/);
  });
});
