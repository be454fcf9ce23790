import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Runtime, Worker } from '@temporalio/worker';
import { locateTemporal } from '../../../activities/adapters/toolbox/index.ts';
import { searchAttributes, taskQueue } from '../../../workflows/contracts/names.ts';
import * as activities from './activities.ts';

/** A real Temporal server of the test's own, on a free port. */
export async function startServer(): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } });
  const { path } = await locateTemporal();
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes: Object.values(searchAttributes),
    },
  });
}

/** A worker that polls the task queue of the runbooks with one of the peer's workflow files. */
export async function startWorker(
  server: TestWorkflowEnvironment,
  file: 'workflows.ts' | 'broken-workflows.ts',
): Promise<{ readonly stop: () => Promise<void> }> {
  const worker = await Worker.create({
    connection: server.nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL(file, import.meta.url)),
    activities,
    stickyQueueScheduleToStartTimeout: '500 ms',
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
    },
  };
}

function quiet(): void {}
