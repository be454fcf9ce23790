import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRestoreActivities, type RestoreActivities } from '../../../activities/restore/index.ts';
import type { TargetRequest } from '../../../workflows/contracts/recovery-point.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../sandbox/supabase/production.ts';
import { runActivity } from './run-activity.ts';

const moment = (unix: number) => new Date(unix * 1000).toISOString();

describe('finding a recovery point', () => {
  let production: SupabaseProduction;
  let activities: RestoreActivities;
  let window: { readonly earliestUnix: number; readonly latestUnix: number };

  beforeAll(async () => {
    production = await startSupabaseProduction();
    const { platform, database, cluster } = production;
    activities = createRestoreActivities({ platform, database });
    await cluster.archiveNow();
    const found = (await platform.recoverability()).window;
    if (found === null) throw new Error('The sandbox has no restore window.');
    window = found;
  });
  afterEach(() => production.supabase.faults.clear());
  afterAll(() => production?.dispose());

  const find = (target: TargetRequest) =>
    runActivity(activities.findRecoveryPoint, {
      target,
      rpoMs: 60_000,
      providerLagMs: 120_000,
    });

  test('gives the second, the project, the window and the backups, and says what the provider cannot meet', async () => {
    const found = await find({ kind: 'at', moment: moment(window.earliestUnix) });
    expect(found).toMatchObject({
      targetUnix: window.earliestUnix,
      project: { provider: 'supabase', ref: production.supabase.projectRef },
      window: { earliestUnix: window.earliestUnix },
      backups: [{ status: 'COMPLETED' }],
    });
    expect(found.warnings).toContainEqual(expect.stringContaining('objective of 60 s'));
  });

  test('refuses the second before the window and names the nearest target', async () => {
    const failure = find({ kind: 'just-before', moment: moment(window.earliestUnix) });
    await expect(failure).rejects.toMatchObject({
      type: 'target-outside-window',
      explanation: {
        happened: expect.stringMatching(/lies 1 s before what can be restored: .* UTC to .* UTC/),
        meaning: expect.stringContaining(moment(window.earliestUnix).slice(0, 19).replace('T', ' ')),
      },
    });
  });

  const windowUpTo = (latestUnix: number) => {
    const body = JSON.stringify({
      region: 'local',
      walg_enabled: true,
      pitr_enabled: true,
      backups: [],
      physical_backup_data: {
        earliest_physical_backup_date_unix: latestUnix - 600,
        latest_physical_backup_date_unix: latestUnix,
      },
    });
    return { kind: 'answer', status: 200, body } as const;
  };
  const nowUnix = () => Math.floor(Date.now() / 1000);

  test('accepts a target of the last minutes that is not archived yet, and says what that means', async () => {
    const targetUnix = nowUnix() - 30;
    production.supabase.faults.set('list-backups', windowUpTo(targetUnix - 60));
    expect(await find({ kind: 'at', moment: moment(targetUnix) })).toMatchObject({
      targetUnix,
      warnings: expect.arrayContaining([expect.stringContaining('60 s before the target')]),
    });
  });

  test('refuses a target that should have been archived long ago', async () => {
    const targetUnix = nowUnix() - 361;
    production.supabase.faults.set('list-backups', windowUpTo(targetUnix - 1));
    await expect(find({ kind: 'at', moment: moment(targetUnix) })).rejects.toMatchObject({
      type: 'target-outside-window',
      explanation: {
        happened: expect.stringContaining('lies 1 s after what can be restored'),
        next: expect.stringContaining('archiving has failed'),
      },
    });
  });

  test('takes the newest recovery point for a later moment of evidence in a quiet database', async () => {
    const targetUnix = nowUnix() - 400;
    production.supabase.faults.set('list-backups', windowUpTo(targetUnix - 30));
    const input = { rpoMs: 60_000, providerLagMs: 120_000, latestWillDo: true };
    const target = { kind: 'at', moment: moment(targetUnix) } as const;
    expect(await runActivity(activities.findRecoveryPoint, { ...input, target })).toMatchObject({
      targetUnix: targetUnix - 30,
    });
  });

  test('says that point-in-time recovery is not enabled, and what is left', async () => {
    production.supabase.faults.switchOn('pitr-disabled');
    await expect(find({ kind: 'at', moment: moment(window.earliestUnix) })).rejects.toMatchObject({
      type: 'pitr-not-enabled',
      explanation: { next: expect.stringContaining('a listed backup (1)') },
    });
  });

  test('refuses a moment without an offset before it asks the provider anything', async () => {
    const asked = production.supabase.calls.all().length;
    await expect(find({ kind: 'at', moment: '2026-03-01T10:00:00' })).rejects.toMatchObject({
      type: 'input-invalid',
    });
    expect(production.supabase.calls.all()).toHaveLength(asked);
  });

  test('rechecks an approved target: it holds, leaves the window, or the project is not healthy', async () => {
    const recheck = (targetUnix: number) =>
      runActivity(activities.recheckTarget, { targetUnix, providerLagMs: 120_000 });
    expect(await recheck(window.earliestUnix)).toMatchObject({ holds: true, reasons: [] });
    expect(await recheck(window.earliestUnix - 1)).toMatchObject({
      holds: false,
      reasons: [expect.stringContaining('outside of what can be restored')],
    });
    const body = JSON.stringify({ ref: 'r', name: 'n', region: 'eu', status: 'ACTIVE_UNHEALTHY' });
    production.supabase.faults.set('get-project', { kind: 'answer', status: 200, body }, 1);
    expect(await recheck(window.earliestUnix)).toMatchObject({
      holds: false,
      reasons: ['The project is ACTIVE_UNHEALTHY, not healthy.'],
    });
    expect(production.supabase.calls.writes()).toEqual([]);
  });

  test('the recheck waits for a target that is still being archived', async () => {
    const { platform, cluster, supabase } = production;
    await cluster.archiveNow();
    const targetUnix = (await platform.recoverability()).window?.latestUnix ?? 0;
    supabase.faults.set('list-backups', windowUpTo(targetUnix - 1), 2);
    const asked = supabase.calls.all().length;
    expect(await runActivity(activities.recheckTarget, { targetUnix, providerLagMs: 120_000 })).toMatchObject(
      { holds: true, reasons: [] },
    );
    expect(supabase.calls.all().slice(asked)).toHaveLength(6);
  });
});
