import { CommandStopped } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { progressLine } from '../output/progress-line.ts';
import { explainFailure } from '../recovery/failure.ts';
import { requireWorkers } from '../recovery/ready.ts';
import { startWorkflow, type WorkflowRequest } from './start-workflow.ts';
import { type Ended, endQuietly, waitForResult } from './wait-for-result.ts';

/**
 * Connects, starts a workflow and waits for its end, with a line of progress where standard error is a terminal.
 *
 * @param quiet whether a script reads along
 * @throws CommandStopped with exit code 3 when no worker polls or the end is not known; see {@link waitForResult}
 */
export async function runWorkflow<Input, Result>(
  context: DrContext,
  request: WorkflowRequest<Input>,
  quiet: boolean,
): Promise<Ended<Result>> {
  const access = await context.connect(context.environment);
  try {
    await requireWorkers(access);
    const handle = await startWorkflow<Input, Result>(access, request, context.now());
    const title = `${request.name} in ${request.environment}`;
    const output = quiet ? { ...context, stderr: undefined }.stderr : context.stderr;
    try {
      return await waitForResult(handle, {
        progress: progressLine(output, title),
        signal: context.interruption(),
      });
    } catch (error) {
      if (request.readsOnly) await endQuietly(handle, 'dr does not wait for this any longer; it only reads');
      throw error;
    }
  } finally {
    await access.close();
  }
}
