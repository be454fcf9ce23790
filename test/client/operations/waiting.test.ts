import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrContext } from '../../../client/context.ts';
import { startWorkflow } from '../../../client/operations/start-workflow.ts';
import { waitForResult } from '../../../client/operations/wait-for-result.ts';
import { progressLine } from '../../../client/output/progress-line.ts';
import { runDr } from '../../../client/program.ts';
import { operationWorkflows } from '../../../workflows/contracts/operations.ts';
import { startServer, startWorker } from '../peer/server.ts';
import { Paper, terminal } from '../peer/terminal.ts';
import { startOperationsWorker } from './peer/worker.ts';

const flat = (text: string) => text.replace(/\s+/g, ' ');

let server: TestWorkflowEnvironment;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.teardown());

const commands = [
  'backup',
  'backup validate',
  'backup test-restore',
  'backup retention',
  'backup configuration',
  'backup full-test',
  'uploads sync',
  'schedules',
  'schedules apply',
  'checklist',
];

/** A terminal of a person, who may press Ctrl-C. */
function personAt(screen: Paper, ctrlC: AbortSignal): DrContext {
  return {
    stdout: new Paper(),
    stderr: Object.assign(screen, { isTTY: true, columns: 80 }),
    environment: { DR_USER: 'anna' },
    now: () => new Date(),
    connect: async () => ({ client: server.client, namespace: 'default', close: async () => {} }),
    interruption: () => ctrlC,
  };
}

const startSlowBackup = (environment: string) =>
  startWorkflow(
    { client: server.client, namespace: 'default', close: async () => {} },
    {
      type: operationWorkflows.backup,
      name: 'backup',
      input: { environment, startedBy: 'anna', tier: 'recent' },
      environment,
      startedBy: 'anna',
      readsOnly: false,
    },
    new Date(),
  );

describe('without a worker', () => {
  it.each(commands)('%s starts nothing, says so and exits with 3', async (command) => {
    const { code, err } = await terminal(server).dr(...command.split(' '));
    expect(code).toBe(3);
    expect(err).toContain('No worker polls the task queue vendhub-dr');
    expect(err).toContain('Nothing was started and nothing was changed.');
    expect(err).toContain('npm run worker');
    expect((await server.client.workflow.count()).count).toBe(0);
  });
});

describe('a run that goes on', () => {
  it('is shown on a terminal with what it does, and goes on after Ctrl-C', async () => {
    const worker = await startOperationsWorker(server);
    try {
      const screen = new Paper();
      const ctrlC = new AbortController();
      const ended = runDr(['backup', '-e', 'slow'], personAt(screen, ctrlC.signal));
      await expect
        .poll(() => screen.text)
        .toMatch(/backup in slow: \d+ (ms|s), store backup, exporting 45\.0 MB/);
      ctrlC.abort();
      expect(await ended).toBe(3);
      expect(flat(screen.text)).toContain('Waiting was stopped.');
      const [, workflowId = ''] = /How (backup-slow-\S+) ends is not known;/.exec(flat(screen.text)) ?? [];
      const handle = server.client.workflow.getHandle(workflowId);
      expect((await handle.describe()).status.name).toBe('RUNNING');
      await handle.terminate();
    } finally {
      await worker.stop();
    }
  });

  it('is not waited for any longer when its worker has gone for good', async () => {
    const worker = await startOperationsWorker(server);
    const handle = await startSlowBackup('slow');
    const doing = async () => (await handle.describe()).raw.pendingActivities?.[0]?.activityType?.name;
    try {
      await expect.poll(doing).toBe('storeBackup');
    } finally {
      await worker.stop();
    }
    const waiting = waitForResult(handle, {
      progress: progressLine(new Paper(), 'backup'),
      signal: new AbortController().signal,
      patienceMs: 1_000,
    });
    await expect(waiting).rejects.toMatchObject({
      exitCode: 3,
      explanation: { happened: expect.stringContaining('No worker answers'), meaning: expect.any(String) },
    });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });

  it('is ended again when nobody takes it up, as nothing of it was done', async () => {
    const printed = await terminal(server).dr('backup', '-e', 'deserted');
    expect(printed.code).toBe(3);
    expect(flat(printed.err)).toContain('No worker took it up, although one polled lately.');
    expect(flat(printed.err)).toContain('nothing was done and nothing was changed');
    const query = 'WorkflowId STARTS_WITH "backup-deserted-" AND ExecutionStatus = "Terminated"';
    await expect.poll(async () => (await server.client.workflow.count(query)).count).toBe(1);
  });

  it("is explained by the code's own error where the worker is broken", async () => {
    const worker = await startWorker(server, 'broken-workflows.ts');
    try {
      const { code, err } = await terminal(server).dr('checklist', '-e', 'broken');
      expect(code).toBe(3);
      expect(flat(err)).toContain("The worker fails at the workflow's own code");
      expect(flat(err)).toContain('the bundle is broken');
      expect(flat(err)).toContain('Nothing was changed.');
      const query = 'WorkflowId STARTS_WITH "checklist-broken-" AND ExecutionStatus = "Terminated"';
      await expect.poll(async () => (await server.client.workflow.count(query)).count).toBe(1);
    } finally {
      await worker.stop();
    }
  });
});
