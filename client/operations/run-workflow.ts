import { CommandStopped, refused } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import type { DrContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { progressLine } from '../output/progress-line.ts';
import { explainFailure } from '../recovery/failure.ts';
import { requireWorkers } from '../recovery/ready.ts';
import { type ResultHandle, startWorkflow, type WorkflowRequest } from './start-workflow.ts';
import { type Ended, endQuietly, waitForResult } from './wait-for-result.ts';

/**
 * Connects, starts a workflow and waits for its end, with a line of progress where standard error is a terminal.
 *
 * @throws CommandStopped with exit code 3 when no worker polls or the end is not known
 */
export async function runWorkflow<Input, Result>(
  context: DrContext,
  request: WorkflowRequest<Input>,
): Promise<Ended<Result>> {
  const access = await context.connect(context.environment);
  try {
    await requireWorkers(access);
    return await runOn<Input, Result>(access, request, context);
  } finally {
    await access.close();
  }
}

/**
 * The same on a connection that is open already.
 *
 * @param withinMs how long it may take, in ms; without it as long as it needs
 * @throws CommandStopped with exit code 3 when the end is not known
 */
export async function runOn<Input, Result>(
  access: TemporalAccess,
  request: WorkflowRequest<Input>,
  context: Pick<DrContext, 'stderr' | 'now' | 'interruption'>,
  withinMs?: number,
): Promise<Ended<Result>> {
  const handle = await startWorkflow<Input, Result>(access, request, context.now());
  const progress = progressLine(context.stderr, `${request.name} in ${request.environment}`);
  const signal = context.interruption();
  try {
    return await waitForResult(handle, { progress, signal, ...(withinMs === undefined ? {} : { withinMs }) });
  } catch (error) {
    throw request.readsOnly ? await leave(handle, error) : error;
  }
}

/**
 * The same for a workflow whose failure ends the command.
 *
 * @throws CommandStopped with exit code 1 when it failed, 2 for input that it refused, 3 as {@link runWorkflow}
 */
export async function resultOf<Input, Result>(
  context: DrContext,
  request: WorkflowRequest<Input>,
): Promise<Result> {
  const ended = await runWorkflow<Input, Result>(context, request);
  if ('result' in ended) return ended.result;
  const { type, explanation } = explainFailure(ended.error);
  throw type === 'input-invalid'
    ? refused(explanation.happened, explanation.next)
    : new CommandStopped(exitCodes.failed, explanation);
}

async function leave<Result>(handle: ResultHandle<Result>, error: unknown): Promise<unknown> {
  await endQuietly(handle, 'dr does not wait for this run any longer; it only reads');
  if (!(error instanceof CommandStopped)) return error;
  return new CommandStopped(error.exitCode, { ...error.explanation, meaning: 'Nothing was changed.' });
}
