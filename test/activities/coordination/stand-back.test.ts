import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCoordinationActivities } from '../../../activities/coordination/index.ts';
import { bundleWorkflows } from '../../../worker/bundle.ts';
import { recoveryWorkflowId, searchAttributes, taskQueue } from '../../../workflows/contracts/names.ts';
import { startTestTemporal } from '../adapters/temporal/test-temporal.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';

describe('a recovery and operations in a real Temporal', () => {
  let temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  let worker: Worker;
  let working: Promise<void>;
  beforeAll(async () => {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: 'off', forward: {} } },
    });
    temporal = await startTestTemporal();
    worker = await Worker.create({
      connection: temporal.environment.nativeConnection,
      taskQueue,
      workflowBundle: await bundleWorkflows(
        new DefaultLogger('ERROR'),
        fileURLToPath(new URL('peer-workflows.ts', import.meta.url)),
      ),
    });
    working = worker.run();
  });
  afterAll(async () => {
    worker?.shutdown();
    await working;
    await temporal?.stop();
  });

  const activities = () =>
    createCoordinationActivities({ ...temporal, policy: { schedules: [], pollEveryMs: 100 } });
  const start = (type: string, workflowId: string, environment: string) =>
    temporal.client.workflow.start(type, {
      workflowId,
      taskQueue,
      typedSearchAttributes: [{ key: searchAttributes.environment, value: environment }],
    });
  const ask = async (environment: string, waitMs: number, runId = 'the-recovery') => {
    const beats: unknown[] = [];
    const activity = activityEnvironment({ workflowExecution: { workflowId: 'recovery', runId } });
    activity.on('heartbeat', (beat) => beats.push(beat));
    const left = await inActivity(activity, () =>
      activities().askOperationsToStandBack({ environment, waitMs }),
    );
    return { left, beats: beats.length };
  };
  const untilListed = (environment: string, count: number) =>
    vi.waitFor(
      async () => expect(await temporal.registry.operationsOf(environment, '')).toHaveLength(count),
      60_000,
    );

  it('says whether a recovery holds the environment', async () => {
    expect(await activities().recoveryRunning({ environment: 'held' })).toBe(false);
    const run = await start('syncUploads', recoveryWorkflowId('held'), 'held');
    expect(await activities().recoveryRunning({ environment: 'held' })).toBe(true);
    await run.terminate();
    expect(await activities().recoveryRunning({ environment: 'held' })).toBe(false);
  });

  it('waits until all that were asked have ended', async () => {
    const runs = [await start('backup', 'backup-all-1', 'all'), await start('backup', 'backup-all-2', 'all')];
    const other = await start('backup', 'backup-other', 'other');
    await untilListed('all', 2);
    const { left, beats } = await ask('all', 30_000);
    expect(left).toEqual([]);
    expect(beats).toBeGreaterThan(1);
    for (const run of runs) expect((await run.describe()).status.name).toBe('COMPLETED');
    expect((await other.describe()).status.name).toBe('RUNNING');
    await other.terminate();
  });

  it('names those that did not end in time, and does not wait for them longer', async () => {
    const run = await start('syncUploads', 'uploads-sync-stubborn', 'stubborn');
    await untilListed('stubborn', 1);
    expect((await ask('stubborn', 500)).left).toEqual([
      { workflowId: run.workflowId, runId: run.firstExecutionRunId, operation: 'uploads-sync' },
    ]);
    expect((await ask('stubborn', 0, run.firstExecutionRunId)).left).toEqual([]);
    await run.terminate();
  });

  it('asks one that starts while it waits', async () => {
    const stubborn = await start('syncUploads', 'uploads-sync-late', 'late');
    await untilListed('late', 1);
    const asking = ask('late', 30_000);
    const late = await start('backup', 'backup-late', 'late');
    await late.result();
    await stubborn.terminate();
    expect((await asking).left).toEqual([]);
  });

  it('has nobody to wait for where nothing runs', async () => {
    expect((await ask('empty', 30_000)).left).toEqual([]);
  });
});
