import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createRestoreActivities, type RestoreActivities } from '../../../activities/restore/index.ts';
import { type SupabaseProduction, startSupabaseProduction } from '../../sandbox/supabase/production.ts';
import { quietEnvironment, runActivity as run } from './run-activity.ts';

const restoreDeadlineMs = 120_000;
/** A restore that was accepted shows long before the grace is over, also on a busy machine. */
const timing = { pollMs: 20, healthyGraceMs: 2_000 };
const approvedInRun = quietEnvironment().context.info.workflowExecution?.runId ?? '';

describe('a restore in place', () => {
  let production: SupabaseProduction;
  let activities: RestoreActivities;

  beforeAll(async () => {
    production = await startSupabaseProduction();
    const { platform, database } = production;
    activities = createRestoreActivities({ platform, database, timing });
    await production.query('CREATE TABLE sale (name text)');
  });
  afterEach(async () => {
    production.supabase.faults.clear();
    const status = async () => (await production.platform.status()).raw;
    await expect.poll(status).toMatch('ACTIVE_HEALTHY');
  });
  afterAll(() => production?.dispose());

  const requests = () => production.supabase.calls.all('restore-pitr');

  /** Arms a restore to the present moment and makes it possible for the provider. */
  async function armed(): Promise<{ nonce: string; targetUnix: number }> {
    const plan = { nonce: randomUUID(), targetUnix: await production.nextSecond() };
    await run(activities.armRestore, plan);
    await production.cluster.archiveNow();
    return plan;
  }
  const send = (targetUnix: number) =>
    run(activities.sendRestoreRequest, { targetUnix, deadlineUnixMs: Date.now() + 60_000, approvedInRun });
  const awaitRestored = ({ nonce }: { nonce: string }, deadlineMs = restoreDeadlineMs) =>
    run(activities.awaitRestored, { nonce, deadlineMs });

  test('is armed, sent once, settled by evidence, and ends with the database rewound', async () => {
    const { query, supabase } = production;
    await query(`INSERT INTO sale VALUES ('before')`);
    const targetUnix = await production.nextSecond();
    await query(`INSERT INTO sale VALUES ('after')`);
    const nonce = randomUUID();
    const armedRestore = await run(activities.armRestore, { targetUnix, nonce });
    expect(armedRestore).toMatchObject({ nonce, statusBefore: 'ACTIVE_HEALTHY' });
    expect(Date.parse(armedRestore.armedAt)).toBeGreaterThan(targetUnix * 1000);
    expect(await run(activities.armRestore, { targetUnix, nonce })).toEqual(armedRestore);
    await production.cluster.archiveNow();

    const sentBefore = requests().length;
    supabase.faults.switchOn('stuck-restore');
    expect(await send(targetUnix)).toEqual({ kind: 'accepted' });
    expect(await run(activities.settleRestore, { nonce, settleMs: 30_000 })).toEqual({
      kind: 'accepted',
      evidence: "The project's status is RESTORING.",
    });
    supabase.faults.clear();
    const { restoredAt } = await awaitRestored({ nonce });
    expect(Date.parse(restoredAt)).toBeGreaterThan(Date.parse(armedRestore.armedAt));
    expect(await query('SELECT name FROM sale')).toEqual([{ name: 'before' }]);
    expect(requests().slice(sentBefore)).toHaveLength(1);
  });

  test('whose answer was lost is found to be accepted, through a provider that answers 503 and 429', async () => {
    const { faults } = production.supabase;
    const plan = await armed();
    faults.set('restore-pitr', { kind: 'drop-after' }, 1);
    expect(await send(plan.targetUnix)).toMatchObject({ kind: 'uncertain' });
    faults.set('get-project', { kind: 'answer', status: 503 }, 2);
    faults.set('get-project', { kind: 'answer', status: 429, headers: { 'x-ratelimit-reset': '0' } }, 1);
    expect(await run(activities.settleRestore, { nonce: plan.nonce, settleMs: 30_000 })).toMatchObject({
      kind: 'accepted',
    });
    await awaitRestored(plan);
  });

  test('is found to be accepted by the row that is gone, when the provider’s status cannot be read', async () => {
    const { faults } = production.supabase;
    const plan = await armed();
    await send(plan.targetUnix);
    faults.set('get-project', { kind: 'drop-before' });
    expect(await run(activities.settleRestore, { nonce: plan.nonce, settleMs: 30_000 })).toEqual({
      kind: 'accepted',
      evidence: 'The row written before the request is gone: the database was rewound.',
    });
  });

  test('that the provider took and never began stays unproved, and is told from a finished one', async () => {
    production.supabase.faults.switchOn('restore-ignored');
    const plan = await armed();
    expect(await send(plan.targetUnix)).toEqual({ kind: 'accepted' });
    const settlement = await run(activities.settleRestore, { nonce: plan.nonce, settleMs: 100 });
    expect(settlement).toEqual({
      kind: 'unproved',
      evidence: expect.stringContaining('its status is ACTIVE_HEALTHY'),
    });
    await expect(awaitRestored(plan)).rejects.toMatchObject({ type: 'restore-not-accepted' });
  });

  test('that hangs is reported with what both witnesses say, and can be awaited again', async () => {
    const { faults } = production.supabase;
    faults.switchOn('stuck-restore');
    const plan = await armed();
    await send(plan.targetUnix);
    await run(activities.settleRestore, { nonce: plan.nonce, settleMs: 30_000 });
    const failure = awaitRestored(plan, 200);
    await expect(failure).rejects.toMatchObject({
      type: 'restore-stuck',
      explanation: {
        happened: expect.stringMatching(
          /status RESTORING\); the row written before the request (cannot be read|is still there)/,
        ),
        next: expect.stringContaining('support ticket'),
      },
    });

    const environment = quietEnvironment();
    environment.once('heartbeat', () => environment.cancel());
    const cancelled = run(
      activities.awaitRestored,
      { nonce: plan.nonce, deadlineMs: restoreDeadlineMs },
      environment,
    );
    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledFailure' });

    faults.clear();
    expect(await awaitRestored(plan)).toMatchObject({ restoredAt: expect.any(String) });
  });

  test('that fails is reported as failed', async () => {
    const { faults } = production.supabase;
    faults.switchOn('restore-fails');
    const plan = await armed();
    await send(plan.targetUnix);
    await expect(awaitRestored(plan)).rejects.toMatchObject({ type: 'restore-failed' });
    faults.clear();
    await send(plan.targetUnix);
    await expect
      .poll(() => production.query('SELECT name FROM sale').catch(() => []))
      .toEqual([{ name: 'before' }]);
  });

  test('that also rewound the operator’s password is reported as a refused login, not as a hang', async () => {
    const { cluster, operator, platform, query } = production;
    const targetUnix = await production.nextSecond();
    await query(`ALTER ROLE operator PASSWORD 'rotated'`);
    const rotated = createPostgresDatabase({
      connectionString: cluster.connectionString({ ...operator, password: 'rotated' }, 'vendhub'),
    });
    const afterRotation = createRestoreActivities({ platform, database: rotated, timing });
    const nonce = randomUUID();
    await run(afterRotation.armRestore, { targetUnix, nonce });
    await cluster.archiveNow();
    await send(targetUnix);
    const awaited = run(afterRotation.awaitRestored, { nonce, deadlineMs: restoreDeadlineMs });
    await expect(awaited).rejects.toMatchObject({ type: 'database-login-refused' });
  });

  test('is not requested after its deadline, by a second attempt, or on the approval of another run', async () => {
    const sentBefore = requests().length;
    const late = { targetUnix: 1, deadlineUnixMs: Date.now() - 1, approvedInRun };
    expect(await run(activities.sendRestoreRequest, late)).toMatchObject({ kind: 'not-sent' });
    const secondAttempt = quietEnvironment({ attempt: 2 });
    const inTime = { targetUnix: 1, deadlineUnixMs: Date.now() + 60_000, approvedInRun };
    expect(await run(activities.sendRestoreRequest, inTime, secondAttempt)).toMatchObject({
      kind: 'uncertain',
    });
    const ofRunBefore = { ...inTime, approvedInRun: 'the run before a reset' };
    expect(await run(activities.sendRestoreRequest, ofRunBefore)).toMatchObject({ kind: 'uncertain' });
    expect(requests()).toHaveLength(sentBefore);
  });

  test('cannot be armed with a nonce that is older than the target', async () => {
    const plan = await armed();
    const later = { nonce: plan.nonce, targetUnix: await production.nextSecond() };
    await expect(run(activities.armRestore, later)).rejects.toMatchObject({ type: 'input-invalid' });
  });
});
