import { setTimeout as delay } from 'node:timers/promises';
import { type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { CommandStopped } from '../command-stopped.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ProgressLine } from '../output/progress-line.ts';
import { whyNoAnswer } from '../recovery/run.ts';
import { failingWorkflowTask, isLeftLying, silentWorker } from '../worker-health.ts';
import { doing } from './doing.ts';
import { standingTask } from './standing-task.ts';
import type { ResultHandle } from './start-workflow.ts';

/** How often a run is looked at, in ms. */
const lookEveryMs = 400;

/** How long Temporal may take to describe a run, in ms. */
const describeMs = 5000;

/** How long tasks of a run that was begun may wait for a worker, in ms; the longest pause between two tries is 60 s. */
const usualPatienceMs = 90_000;

/** Events of a run of which no worker has taken anything yet. */
const eventsBeforeFirstTask = 2;

/** How a result is waited for. */
export interface Waiting {
  readonly progress: ProgressLine;
  /** Ends the waiting, never the run. */
  readonly signal: AbortSignal;
  /** How long a run that was begun may stand still, in ms. */
  readonly patienceMs?: number;
  /** How long all of it may take, in ms; without it as long as it needs. */
  readonly withinMs?: number;
}

/** How a run ended. */
export type Ended<Result> = { readonly result: Result } | { readonly error: WorkflowFailedError };

/**
 * Waits until a run ends, as long as a worker works on it.
 *
 * @throws CommandStopped with exit code 3 when no worker takes it up, when its code fails, when Temporal stops answering,
 *   when it takes longer than it may, and when the waiting was interrupted
 */
export async function waitForResult<Result>(
  handle: ResultHandle<Result>,
  { progress, signal, patienceMs = usualPatienceMs, withinMs = Number.POSITIVE_INFINITY }: Waiting,
): Promise<Ended<Result>> {
  const leaving = new AbortController();
  const result = handle.client
    .withAbortSignal(leaving.signal, () => handle.result())
    .then(
      (value) => ({ result: value }),
      (error: unknown) => ({ error }),
    );
  const interrupted = new Promise<'interrupted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
    if (signal.aborted) resolve('interrupted');
  });
  const begun = Date.now();
  let standing: { readonly task: string | null; readonly since: number } = { task: null, since: begun };
  try {
    for (;;) {
      const ended = await Promise.race([result, interrupted, delay(lookEveryMs, null)]);
      if (ended === 'interrupted') throw notWaitedFor(handle);
      if (ended !== null && 'result' in ended) return ended;
      if (ended !== null) return { error: requireFailed(ended.error, handle) };
      const description = await describe(handle);
      progress.show(Date.now() - begun, doing(description));
      const task = standingTask(description);
      if (task !== standing.task) standing = { task, since: Date.now() };
      const standsMs = task === null ? 0 : Date.now() - standing.since;
      await stopWhereNothingMoves(handle, description, standsMs, patienceMs);
      if (Date.now() - begun >= withinMs) throw notInTime(handle, withinMs, doing(description));
    }
  } finally {
    leaving.abort();
    progress.clear();
  }
}

async function describe<Result>(handle: ResultHandle<Result>): Promise<WorkflowExecutionDescription> {
  try {
    return await handle.client.withDeadline(Date.now() + describeMs, () => handle.describe());
  } catch (error) {
    throw noAnswer(error, handle);
  }
}

/** A run that failed is a result; anything else means that Temporal does not answer. */
function requireFailed<Result>(error: unknown, handle: ResultHandle<Result>): WorkflowFailedError {
  if (error instanceof WorkflowFailedError) return error;
  throw noAnswer(error, handle);
}

async function stopWhereNothingMoves<Result>(
  handle: ResultHandle<Result>,
  description: WorkflowExecutionDescription,
  standsMs: number,
  patienceMs: number,
): Promise<void> {
  const failing = await failingWorkflowTask(handle.client, description);
  if (failing !== null) throw notKnown(failing.happened, handle, failing.next);
  const untouched = description.historyLength <= eventsBeforeFirstTask;
  if (untouched && isLeftLying(description, standsMs)) {
    await endQuietly(handle, 'dr does not wait for this run any longer; nothing of it was done');
    throw new CommandStopped(exitCodes.unknown, {
      happened: 'No worker took it up, although one polled lately.',
      meaning: 'The run was ended again; nothing was done and nothing was changed.',
      next: 'Start a worker: npm run worker',
    });
  }
  if (!untouched && standsMs > patienceMs) {
    throw notKnown(silentWorker.happened, handle, silentWorker.next);
  }
}

function notInTime<Result>(handle: ResultHandle<Result>, withinMs: number, at: string): CommandStopped {
  return notKnown(
    `It was not done after ${Math.round(withinMs / 1000)} s${at === '' ? '' : `: ${at}`}.`,
    handle,
    'Look at the log of the worker and whether the provider answers, then try again.',
  );
}

function notWaitedFor<Result>(handle: ResultHandle<Result>): CommandStopped {
  return notKnown('Waiting was stopped.', handle, 'What it leaves behind: npx dr checklist');
}

function noAnswer<Result>(error: unknown, handle: ResultHandle<Result>): CommandStopped {
  return notKnown(
    `Temporal does not answer any longer: ${whyNoAnswer(error, describeMs)}.`,
    handle,
    'Check that the Temporal server runs; what the run leaves behind: npx dr checklist',
  );
}

function notKnown<Result>(
  happened: string,
  { workflowId }: ResultHandle<Result>,
  next: string,
): CommandStopped {
  return new CommandStopped(exitCodes.unknown, {
    happened,
    meaning: `How ${workflowId} ends is not known; it goes on by itself as soon as a worker works on it.`,
    next,
  });
}

/** Ends a run of which nothing is lost. */
export async function endQuietly<Result>(handle: ResultHandle<Result>, reason: string): Promise<void> {
  try {
    await handle.terminate(reason);
  } catch {
    // It may have ended by itself in the meantime; either is the same.
  }
}
