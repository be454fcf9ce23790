import { rm, writeFile } from 'node:fs/promises';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskQueue } from '../../workflows/contracts/names.ts';
import type { OperationRecord } from '../../workflows/contracts/operations.ts';
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
      const [record] = error.cause.details ?? [];
      if (isRecord(record)) return record;
    }
    throw error;
  }
}

function isRecord(value: unknown): value is OperationRecord {
  return typeof value === 'object' && value !== null && 'operation' in value && 'checks' in value;
}

const failedChecks = ({ checks }: OperationRecord) => checks.filter(({ passed }) => !passed);
const mailsTo = (address: string) =>
  production.sandbox.smtp.messages().filter(({ to }) => JSON.stringify(to).includes(address));

describe('the operations that keep recoveries possible', () => {
  it('take, file, validate and restore a backup, and remove nothing that is wanted', async () => {
    const daily = await run('backup', { tier: 'daily' });
    expect(failedChecks(daily)).toEqual([]);
    expect(daily.checks.map(({ name }) => name)).toEqual([
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

  it('copy the uploaded files once, and the configuration once a day', async () => {
    const first = await run('syncUploads');
    expect(failedChecks(first)).toEqual([]);
    expect(first.summary).toContain('40 files');
    expect((await run('syncUploads')).summary).toContain('0 files (0 B)');
    expect((await run('backUpConfiguration')).summary).toContain('s3-second: stored');
    expect((await run('backUpConfiguration')).summary).toContain('s3-second: unchanged');
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
    const before = mailsTo('admin@vendhub.local').length;
    await rm(file);
    expect((await run('backUpConfiguration')).outcome).toBe('failed');
    expect((await run('backUpConfiguration')).outcome).toBe('failed');
    const alerts = mailsTo('admin@vendhub.local').slice(before);
    expect(alerts.map(({ subject }) => subject)).toEqual(['Backup Failed - VH-M24 Production']);
    expect(alerts[0]?.text).toContain('npx dr backup configuration');

    await writeFile(file, 'PORT=8081\n', { mode: 0o600 });
    expect((await run('backUpConfiguration')).outcome).toBe('succeeded');
    const all = mailsTo('admin@vendhub.local').slice(before);
    expect(all.map(({ subject }) => subject)).toEqual([
      'Backup Failed - VH-M24 Production',
      'Backup Works Again - VH-M24 Production',
    ]);
  });

  it('stand back while a recovery has the environment', async () => {
    const window = await eventually(
      'a restore window',
      async () => (await production.sandbox.postgres.restoreWindow()) ?? undefined,
    );
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
