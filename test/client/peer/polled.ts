import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { missingWorkers, readPollers } from '../../../client/worker-health.ts';
import { eventually } from '../../end-to-end/condition.ts';

/** Waits until Temporal knows a worker for workflows and activities; on a busy machine that is a while after its start. */
export async function untilPolled({ client }: TestWorkflowEnvironment): Promise<void> {
  await eventually(
    'a worker polls',
    async () => missingWorkers(await readPollers(client.workflow)) === null || undefined,
  );
}
