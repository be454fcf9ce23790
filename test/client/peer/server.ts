import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { locateTemporal } from '../../../activities/adapters/toolbox/index.ts';
import { bundleWorkflows } from '../../../worker/bundle.ts';
import { searchAttributes, taskQueue } from '../../../workflows/contracts/names.ts';
import * as activities from './activities.ts';
import { untilPolled } from './polled.ts';

/** A real Temporal server of the test's own, on a free port. */
export async function startServer(): Promise<TestWorkflowEnvironment> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
  const { path } = await locateTemporal();
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes: Object.values(searchAttributes),
      log: { format: 'pretty', level: 'never' },
    },
  });
}

/** A worker that polls the task queue of the runbooks with one of the peer's workflow files. */
export async function startWorker(
  server: TestWorkflowEnvironment,
  file: 'workflows.ts' | 'broken-workflows.ts' | 'broken-recovery.ts' | 'doctor-workflows.ts',
): Promise<{ readonly stop: () => Promise<void> }> {
  const worker = await Worker.create({
    connection: server.nativeConnection,
    taskQueue,
    workflowBundle: await bundleWorkflows(
      new DefaultLogger('ERROR'),
      fileURLToPath(new URL(file, import.meta.url)),
    ),
    activities,
    stickyQueueScheduleToStartTimeout: '500 ms',
  });
  const running = worker.run();
  await untilPolled(server);
  return {
    stop: async () => {
      worker.shutdown();
      await running;
    },
  };
}
