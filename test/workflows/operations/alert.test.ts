import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { failedSignal, recoveredSignal } from '../../../workflows/contracts/alerts.ts';
import type { OperationKind } from '../../../workflows/contracts/operations.ts';
import { foreignPayloads, signalRaw } from '../foreign-payloads.ts';
import { startOperationsWorld } from './world.ts';

const failed = 'Backup Failed - VH-M24 Production';
const recovered = 'Backup Works Again - VH-M24 Production';
const hourMs = 3_600_000;

let world: Awaited<ReturnType<typeof startOperationsWorld>>;

beforeAll(async () => {
  world = await startOperationsWorld();
});
afterEach(async () => {
  delete world.work.refusal;
  delete world.work.takesMs;
  world.setPolicy((policy) => policy);
  world.webhook.setAway(false);
  await world.smtp.setDown(false);
});
afterAll(() => world?.stop());

const kindOf = (environment: string, tier: OperationKind['tier'] = 'recent'): OperationKind => ({
  environment,
  operation: 'backup',
  tier,
});
const backup = (environment: string, tier: 'daily' | 'recent' = 'recent') =>
  world.run('backup', environment, { tier });
const subjects = (environment: string) => world.mails(environment).map(({ subject }) => subject);
const firstLines = (environment: string) => world.posts(environment).map((text) => text.split('\n')[0]);
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 180_000, interval: 50 });
const statusOf = async (kind: OperationKind) => (await world.alert(kind).describe()).status.name;

describe('a failed operation', () => {
  it('is told in the words of the procedure, with what it means and the command to retry', async () => {
    expect((await backup('words', 'daily')).outcome).toBe('succeeded');
    world.work.refusal = 'Connection timeout';
    const record = await backup('words', 'daily');
    await until(() => expect(subjects('words')).toEqual([failed]));
    const [mail] = world.mails('words');
    expect(mail?.to).toEqual(['admin@vendhub.local']);
    const minute = record.finishedAt.slice(0, 16).replace('T', ' ');
    expect(mail?.text).toMatch(
      new RegExp(`^Backup failed at ${minute} UTC\\n\\nError: Connection timeout\\n`),
    );
    expect(mail?.text).toMatch(/What failed: Backup \(daily\) in words, since .* UTC; last good run: .* UTC/);
    expect(mail?.text).toContain('complete failure would lose everything since the last good backup');
    expect(mail?.text).toMatch(/Action Required:\n+1\. Check Supabase status.*\n+2\. Verify network/);
    expect(mail?.text).toMatch(/3\. Retry manually:\n+npx dr backup --tier daily --environment words\n/);
    await until(() => expect(firstLines('words')).toEqual([failed]));
  });

  it('is told once by each road however often it fails, and once more when it works again', async () => {
    world.work.refusal = 'The disk is full';
    await backup('once');
    await Promise.all([backup('once'), backup('once'), backup('once')]);
    await backup('once');
    await until(() => expect([subjects('once'), firstLines('once')]).toEqual([[failed], [failed]]));
    expect(await world.alerting.listIncidents({ environment: 'once' })).toMatchObject([
      { ...kindOf('once'), lastFailure: 'The disk is full' },
    ]);
    delete world.work.refusal;
    await backup('once');
    await backup('once');
    expect(await world.alert(kindOf('once')).result()).toMatchObject({
      told: [
        { subject: failed, mailedAt: expect.any(String), postedAt: expect.any(String) },
        { subject: recovered, mailedAt: expect.any(String), postedAt: expect.any(String) },
      ],
    });
    expect([subjects('once'), firstLines('once')]).toEqual([
      [failed, recovered],
      [failed, recovered],
    ]);
    expect(world.mails('once')[1]?.text).toMatch(/It had failed \d times since .*: The disk is full/);
    expect(await world.alerting.listIncidents({ environment: 'once' })).toEqual([]);
  });

  it('is told all the same when its alert gets signals that cannot be read', async () => {
    world.work.refusal = 'The disk is full';
    await backup('foreign');
    const alert = world.alert(kindOf('foreign'));
    for (const { name } of [failedSignal, recoveredSignal]) {
      for (const { payload } of foreignPayloads) await signalRaw(alert, name, payload);
      for (const nonsense of [null, 'text', { failedAt: 'now' }, { at: 'now', incident: {} }]) {
        await alert.signal(name, nonsense);
      }
    }
    delete world.work.refusal;
    await backup('foreign');
    await alert.result();
    expect(subjects('foreign')).toEqual([failed, recovered]);
  });

  it('is told anew when it fails again after it had recovered', async () => {
    for (const _ of ['first', 'second']) {
      world.work.refusal = 'Connection timeout';
      await backup('anew');
      delete world.work.refusal;
      await backup('anew');
    }
    await until(() => expect(subjects('anew')).toEqual([failed, recovered, failed, recovered]));
  });

  it('of the day is not ended by a half-hourly one that succeeds', async () => {
    world.work.refusal = 'Connection timeout';
    await backup('tiers', 'daily');
    delete world.work.refusal;
    await backup('tiers', 'recent');
    await until(() => expect(subjects('tiers')).toEqual([failed]));
    expect(await statusOf(kindOf('tiers', 'daily'))).toBe('RUNNING');
    expect(await world.alerting.listIncidents({ environment: 'tiers' })).toHaveLength(1);
    await backup('tiers', 'daily');
    await until(() => expect(subjects('tiers')).toEqual([failed, recovered]));
  });
});

describe('an outage', () => {
  it('of the mail server holds neither the operation nor the webhook back, and loses no mail', async () => {
    await world.smtp.setDown(true);
    world.work.refusal = 'Connection timeout';
    expect((await backup('mail-down')).outcome).toBe('failed');
    await until(() => expect(firstLines('mail-down')).toEqual([failed]));
    expect(subjects('mail-down')).toEqual([]);
    const tries = async () => {
      const [pending] = (await world.alert(kindOf('mail-down')).describe()).raw.pendingActivities ?? [];
      return pending?.activityType?.name === 'mailTeam' ? (pending.attempt ?? 0) : 0;
    };
    await until(async () => expect(await tries()).toBeGreaterThan(2));
    // What is told of meanwhile waits in line, also while the worker is exchanged.
    delete world.work.refusal;
    await backup('mail-down');
    world.work.refusal = 'The disk is full';
    await backup('mail-down');
    await world.restartWorker();
    await world.smtp.setDown(false);
    await until(() => expect(subjects('mail-down')).toEqual([failed, recovered, failed]));
    expect(world.mails('mail-down').map(({ text }) => /(timeout|full)/.exec(text)?.[0])).toEqual([
      'timeout',
      'timeout',
      'full',
    ]);
  });

  it('of the mail server may last for hours: it is tried each minute for a day', async () => {
    world.work.refusal = 'Connection timeout';
    await backup('patience');
    await until(() => expect(subjects('patience')).toEqual([failed]));
    const { events } = await world.alert(kindOf('patience')).fetchHistory();
    const scheduled = (events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: activity }) => activity ?? [],
    );
    for (const name of ['mailTeam', 'postWebhook']) {
      const activity = scheduled.find(({ activityType }) => activityType?.name === name);
      expect(Number(activity?.scheduleToCloseTimeout?.seconds) * 1000).toBeGreaterThan(12 * hourMs);
      expect(activity?.retryPolicy?.maximumAttempts).toBe(0);
      expect(Number(activity?.retryPolicy?.maximumInterval?.seconds)).toBeLessThanOrEqual(60);
    }
  });

  it('of the webhook holds no mail back, and loses no post', async () => {
    world.webhook.setAway(true);
    world.work.refusal = 'Connection timeout';
    await backup('hook-down');
    delete world.work.refusal;
    await backup('hook-down');
    await until(() => expect(subjects('hook-down')).toEqual([failed, recovered]));
    expect(firstLines('hook-down')).toEqual([]);
    world.webhook.setAway(false);
    await until(() => expect(firstLines('hook-down')).toEqual([failed, recovered]));
  });

  it('of the store that keeps incidents is told once as well, and so is its end', async () => {
    await world.setStoreAway(true);
    try {
      world.work.refusal = 'The object store refused the write';
      await backup('store-down');
      await backup('store-down');
      await until(() => expect(subjects('store-down')).toEqual([failed]));
      expect(world.mails('store-down')[0]?.text).toContain('last good run: unknown');
      delete world.work.refusal;
      expect((await backup('store-down')).outcome).toBe('succeeded');
    } finally {
      await world.setStoreAway(false);
    }
    await until(() => expect(subjects('store-down')).toEqual([failed, recovered]));
  });
});

describe('what a backup may not exceed', () => {
  it('is the interval, the duration and the copies together under the RPO: else it alerts', async () => {
    world.work.takesMs = 50;
    const rpoMs = 60 * 60_000;
    world.setPolicy((policy) => ({
      ...policy,
      backups: { ...policy.backups, recentIntervalMs: rpoMs - 40 },
    }));
    const record = await backup('slow');
    expect(record.outcome).toBe('failed');
    expect(record.checks.filter(({ passed }) => !passed)).toEqual([
      expect.objectContaining({ name: 'most that complete failure can lose' }),
    ]);
    await until(() =>
      expect(world.mails('slow')[0]?.text).toMatch(/Error: most that complete failure can lose/),
    );

    world.setPolicy((policy) => policy);
    const within = await backup('slow');
    expect(within.outcome).toBe('succeeded');
    expect(within.checks.at(-1)?.found).toMatch(
      /^30 min \d\d s: interval 30 min 00 s and duration .*\d+ m?s$/,
    );
  });
});

describe('a run of a schedule', () => {
  it('that was skipped because the one before was still going on raises an alert', async () => {
    const minute = (new Date().getUTCMinutes() + 30) % 60;
    const spec = {
      id: 'backup-recent',
      operation: 'backup',
      tier: 'recent',
      cron: [`${minute} * * * *`],
      overlap: 'skip',
      catchupWindowMs: 600_000,
      procedure: 'section 8',
    } as const;
    world.work.schedules = [spec];
    await world.restartWorker();
    await world.scheduler.apply('skipping', [spec]);
    expect((await world.run('schedules-check', 'skipping')).outcome).toBe('succeeded');
    world.work.takesMs = 20 * 60_000;
    const schedule = world.client.schedule.getHandle('skipping-backup-recent');
    const state = async () => (await world.scheduler.list('skipping', [spec], 0))[0];
    await schedule.trigger('SKIP');
    await until(async () => expect((await state())?.running).toBe(1));
    await schedule.trigger('SKIP');
    await until(async () => expect((await state())?.skippedOverlap).toBe(1));
    expect((await world.run('schedules-check', 'skipping')).outcome).toBe('failed');
    await until(() => expect(world.mails('skipping')[0]?.text).toMatch(/1 skipped since the last check/));
    expect((await world.run('schedules-check', 'skipping')).outcome).toBe('succeeded');
    await until(() => expect(subjects('skipping')).toEqual([failed, recovered]));
    const { runningActions } = (await schedule.describe()).info;
    for (const { workflow } of runningActions) {
      await world.client.workflow.getHandle(workflow.workflowId).terminate();
    }
  });
});
