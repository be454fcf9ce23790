import { rm, writeFile } from 'node:fs/promises';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Bucket } from '../../activities/adapters/s3/index.ts';
import { parseOperationRecord } from '../../worker/local/operation-record.ts';
import type { PlanInput } from '../../workflows/contracts/inputs.ts';
import { planWorkflow, planWorkflowId, taskQueue } from '../../workflows/contracts/names.ts';
import type { OperationRecord } from '../../workflows/contracts/operations.ts';
import type { PlanReport } from '../../workflows/contracts/report.ts';
import { startTraffic, type Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';

let production: TestProduction;
let traffic: Traffic;

beforeAll(async () => {
  production = await startProduction();
  traffic = startTraffic({ applicationUrl: production.sandbox.railway.applicationUrl, perSecond: 20 });
  await eventually('a few sales', () => traffic.totals().acknowledged > 20 || undefined);
});

afterAll(async () => {
  await traffic?.stop();
  await production?.stop();
});

/** Runs an operation to its end; a failed one gives the record that it failed with. */
async function run(workflow: string, args: Record<string, unknown> = {}): Promise<OperationRecord> {
  const { client } = production.sandbox.temporal.environment;
  try {
    return await client.workflow.execute<(input: unknown) => Promise<OperationRecord>>(workflow, {
      taskQueue,
      workflowId: `${workflow}-${Date.now()}`,
      args: [{ environment: 'sandbox', startedBy: 'test', ...args }],
    });
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) {
      const record = parseOperationRecord(error.cause.details?.[0]);
      if (record !== undefined) return record;
    }
    throw error;
  }
}

const dayMs = 24 * 3_600_000;
const failedChecks = ({ checks }: OperationRecord) =>
  checks.filter(({ passed, advisory }) => !passed && advisory !== true);
const restoreWindow = () =>
  eventually(
    'a restore window',
    async () => (await production.sandbox.postgres.restoreWindow()) ?? undefined,
  );
/** Waits for the mails to an address after the first so many. */
const mailsTo = (address: string, after: number, count: number) =>
  eventually(`${count} mails to ${address}`, () => {
    const mails = production.sandbox.smtp.messages().filter(({ to }) => to.includes(address));
    return mails.length >= after + count ? mails.slice(after) : undefined;
  });

describe('the operations that keep recoveries possible', () => {
  it('take, file, validate and restore a backup, and remove nothing that is wanted', async () => {
    const daily = await run('backup', { tier: 'daily' });
    expect(failedChecks(daily)).toEqual([]);
    // On a Saturday and on the 1st it is kept as another as well.
    const names = daily.checks.map(({ name }) => name).filter((name) => !name.startsWith('kept as '));
    expect(names).toEqual([
      'stored and verified at local',
      'stored and verified at s3',
      'stored and verified at s3-second',
      'most that complete failure can lose',
    ]);
    expect(failedChecks(await run('backup', { tier: 'recent' }))).toEqual([]);
    expect(failedChecks(await run('validateBackups'))).toEqual([]);
    const tested = await run('testRestore');
    expect(tested.failure).toBeNull();
    expect(failedChecks(tested)).toEqual([]);
    expect(tested.summary).toMatch(/vendhub_restore_test_\d+/);
    const retention = await run('applyRetention');
    expect(retention.summary).toContain('removed 0');
  });

  it('copy the uploaded files once, and the configuration once a day and on each change', async () => {
    // What is said of a day must not be asked on two.
    await eventually('a day that lasts', () => Date.now() % dayMs < dayMs - 90_000 || undefined);
    const first = await run('syncUploads');
    expect(failedChecks(first)).toEqual([]);
    expect(first.summary).toContain('40 files');
    expect((await run('syncUploads')).summary).toContain('0 files (0 B)');
    expect((await run('backUpConfiguration')).summary).toContain('s3-second: stored');
    expect((await run('backUpConfiguration')).summary).toContain('s3-second: unchanged');
    const file = production.sandbox.environment['APPLICATION_CONFIGURATION_FILE'] ?? '';
    await writeFile(file, 'PORT=8080\n', { mode: 0o600 });
    expect((await run('backUpConfiguration')).summary).toContain('s3-second: stored');
    expect((await run('backUpConfiguration')).summary).toContain('s3-second: unchanged');
  });

  it('bring uploaded files back that are lost, and refuse a place that is none', async () => {
    await run('syncUploads');
    const { s3 } = production.sandbox;
    const bucket = createS3Bucket({ ...s3, bucket: 'vendhub-uploads' });
    const { signal } = new AbortController();
    const keysNow = async () => {
      const keys: string[] = [];
      for await (const { key } of bucket.list(signal)) keys.push(key);
      return keys.sort();
    };
    try {
      const keys = await keysNow();
      for (const key of keys.slice(0, 3)) await bucket.remove(key, signal);
      const way = { from: 'copy', to: 'application', replaceNewer: false };
      const back = await run('transferUploads', way);
      expect(failedChecks(back)).toEqual([]);
      expect(back.summary).toContain('3 files');
      expect(await keysNow()).toEqual(keys);
      expect((await run('transferUploads', way)).summary).toContain('0 files (0 B)');
      // The second store of the sandbox is the first one: the application's bucket by another name.
      for (const to of ['nowhere', 'supabase', 'second']) {
        const refused = run('transferUploads', { from: 'application', to, replaceNewer: false });
        await expect(refused).rejects.toThrow(WorkflowFailedError);
      }
      expect(await keysNow()).toEqual(keys);
    } finally {
      await bucket.close();
    }
    expect((await run('syncUploads')).summary).toContain('0 files (0 B)');
  });

  it('test everything once a month, and what restores take becomes what a plan expects', async () => {
    const tested = await run('testEverything');
    expect(failedChecks(tested)).toEqual([]);
    const names = tested.checks.map(({ name }) => name);
    for (const location of ['local', 's3', 's3-second']) {
      expect(names).toContain(`fresh backup: stored and verified at ${location}`);
      expect(names).toContain(`restore from ${location}: newest backup`);
      expect(names).toContain(`configuration: configuration decrypts (${location})`);
    }
    expect(names).toContain('validation: provider: restore window reaches back');
    expect(names).toContain('uploads: every file is in the copy');
    expect(tested.restores.map(({ from }) => from)).toEqual(['local', 's3', 's3-second']);

    const { latestUnix } = await restoreWindow();
    const input: PlanInput = {
      scenario: 'data-loss',
      checks: 'input',
      input: {
        environment: 'sandbox',
        startedBy: 'oncall',
        reason: 'to see what it would take',
        incidentAt: null,
        target: { kind: 'at', moment: new Date(latestUnix * 1000).toISOString() },
      },
    };
    const { client } = production.sandbox.temporal.environment;
    const { expected } = await client.workflow.execute<(input: PlanInput) => Promise<PlanReport>>(
      planWorkflow,
      { taskQueue, workflowId: planWorkflowId('sandbox', Date.now()), args: [input] },
    );
    expect(expected.restore.measured).toBeUndefined();
    expect(expected.restoreOwnBackup?.measured).toEqual({ runs: 4, of: 'restore tests' });
    const longest = Math.max(...tested.restores.map(({ ms }) => ms));
    expect(expected.restoreOwnBackup?.maxMs).toBeGreaterThanOrEqual(longest);
  });

  it('keep the schedules as the policy says', async () => {
    const { client } = production.sandbox.temporal.environment;
    const schedules = await client.workflow.execute('schedules', {
      taskQueue,
      workflowId: `schedules-${Date.now()}`,
      args: [{ environment: 'sandbox', apply: true, upcoming: 1 }],
    });
    expect(JSON.stringify(schedules)).not.toContain('"asPolicy":false');
    expect(failedChecks(await run('checkSchedules'))).toEqual([]);
  });

  it('alert once for one incident, and once more when it is over', async () => {
    const file = production.sandbox.environment['APPLICATION_CONFIGURATION_FILE'] ?? '';
    const address = 'admin@vendhub.local';
    const before = production.sandbox.smtp.messages().filter(({ to }) => to.includes(address)).length;
    await rm(file);
    expect((await run('backUpConfiguration')).outcome).toBe('failed');
    expect((await run('backUpConfiguration')).outcome).toBe('failed');
    const alerts = await mailsTo(address, before, 1);
    expect(alerts.map(({ subject }) => subject)).toEqual(['Backup Failed - VH-M24 Production']);
    expect(alerts[0]?.text).toContain('npx dr backup configuration');

    await writeFile(file, 'PORT=8081\n', { mode: 0o600 });
    expect((await run('backUpConfiguration')).outcome).toBe('succeeded');
    const all = await mailsTo(address, before, 2);
    expect(all.map(({ subject }) => subject)).toEqual([
      'Backup Failed - VH-M24 Production',
      'Backup Works Again - VH-M24 Production',
    ]);
  });

  it('stand back while a recovery has the environment', async () => {
    const window = await restoreWindow();
    const recovery = await Recovery.start(production.sandbox, {
      target: { kind: 'at', moment: new Date(window.latestUnix * 1000).toISOString() },
    });
    const gate = await recovery.asked('approval', 'restore-database');
    expect((await run('backup', { tier: 'recent' })).outcome).toBe('stood-back');
    await recovery.answer('reject', { decision: gate.id, reason: 'only a test' });
    await recovery.handle.result();
    expect((await run('backup', { tier: 'recent' })).outcome).toBe('succeeded');
  });
});
