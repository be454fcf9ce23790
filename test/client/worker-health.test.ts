import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoveryWorkflowId, scenarioWorkflows, taskQueue } from '../../workflows/contracts/names.ts';
import { startServer, startWorker } from './peer/server.ts';
import { type Terminal, terminal } from './peer/terminal.ts';

const request = ['data-loss', '--just-before', '2025-11-20T03:12:00Z', '--reason', 'sales are gone'];

describe('a recovery that cannot move', () => {
  let server: TestWorkflowEnvironment;
  let dr: Terminal['dr'];

  beforeAll(async () => {
    server = await startServer();
    dr = terminal(server).dr;
  });
  afterAll(() => server?.teardown());

  const startUnattended = (environment: string) =>
    server.client.workflow.start(scenarioWorkflows['data-loss'], {
      workflowId: recoveryWorkflowId(environment),
      taskQueue,
      args: [{}],
      memo: { startedBy: 'anna' },
    });

  it('is not started where no worker polls, and the worker is named', async () => {
    for (const command of ['start', 'plan']) {
      const { code, err } = await dr(command, ...request);
      expect(code).toBe(3);
      expect(err).toContain('No worker polls the task queue vendhub-dr');
      expect(err).toContain('npm run worker');
    }
    const runs = await server.client.workflow.count();
    expect(runs.count).toBe(0);
  });

  it('says so in the status, before and after a start', async () => {
    const before = await dr('status');
    expect(before).toMatchObject({ code: 0 });
    expect(before.out).toContain('No recovery of production was ever started.');
    expect(before.out).toContain('NOT MOVING: No worker polls');

    await startUnattended('unattended');
    const after = await dr('status', '-e', 'unattended');
    expect(after.code).toBe(3);
    expect(after.out).toContain('NOT MOVING: No worker polls');
    expect(after.out).toContain('npm run worker');
    expect(after.out).toMatch(/by anna\s+\(identity\s+unverified\)/);
  });

  it('keeps an abort for the worker to come, and does not send an approval unread', async () => {
    const abort = await dr('abort', '-e', 'unattended', '--reason', 'false alarm');
    expect(abort.code).toBe(3);
    expect(abort.err).toContain('was delivered, and no worker has judged it yet');
    const approve = await dr('approve', '-e', 'unattended', '--digest', 'c0ffee123456');
    expect(approve.code).toBe(3);
    expect(approve.err).toContain('Nothing was sent');

    const history = await server.client.workflow.getHandle(recoveryWorkflowId('unattended')).fetchHistory();
    const signals = history.events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
    expect(signals?.map(({ signalName }) => signalName)).toEqual(['abort']);
  });

  it("is explained by the code's own error where the worker is broken", async () => {
    const worker = await startWorker(server, 'broken-workflows.ts');
    try {
      const start = await dr('start', ...request);
      expect(start.code).toBe(3);
      expect(start.err.replace(/\s+/g, ' ')).toContain("The worker fails at the workflow's own code");
      expect(start.err.replace(/\s+/g, ' ')).toContain('the bundle is broken');
      expect(start.err).toContain('Nothing was changed.');

      const handle = await startUnattended('broken');
      await expect
        .poll(async () => (await handle.describe()).raw.pendingWorkflowTask?.attempt)
        .toBeGreaterThan(1);
      const status = await dr('status', '-e', 'broken');
      expect(status.code).toBe(3);
      expect(status.out.replace(/\s+/g, ' ')).toContain('the bundle is broken');
      expect(status.out).toContain('NOT MOVING');
    } finally {
      await worker.stop();
    }
  });

  it('is told after the start where only the runbook itself is broken', async () => {
    const worker = await startWorker(server, 'broken-recovery.ts');
    try {
      const start = await dr('start', ...request, '-e', 'runbook-broken');
      expect(start.code).toBe(3);
      expect(start.out).toContain('STARTED  data-loss in runbook-broken');
      expect(start.err.replace(/\s+/g, ' ')).toContain('The recovery was started and does not move.');
      expect(start.err.replace(/\s+/g, ' ')).toContain('the runbook is broken');
    } finally {
      await worker.stop();
    }
  });

  it('is told of where Temporal still lists a worker that has gone', async () => {
    await startUnattended('deserted');
    const [start, status] = await Promise.all([
      dr('start', ...request, '-e', 'elsewhere'),
      dr('status', '-e', 'deserted'),
    ]);
    expect(start.code).toBe(3);
    expect(start.err.replace(/\s+/g, ' ')).toContain('No worker took it up, although one polled lately.');
    expect(status.code).toBe(3);
    expect(status.out.replace(/\s+/g, ' ')).toContain('NOT MOVING: No worker answers');
  });
});

describe('Temporal that does not answer', () => {
  it('is named with its address', async () => {
    const { connectToTemporal } = await import('../../client/connection.ts');
    const attempt = connectToTemporal({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    await expect(attempt).rejects.toMatchObject({
      exitCode: 3,
      explanation: { happened: expect.stringContaining('127.0.0.1:1') },
    });
  });
});
