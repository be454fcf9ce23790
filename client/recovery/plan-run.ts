import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import type { PlanInput } from '../../workflows/contracts/inputs.ts';
import {
  planWorkflow,
  planWorkflowId,
  searchAttributes,
  taskQueue,
} from '../../workflows/contracts/names.ts';
import type { PlanReport } from '../../workflows/contracts/report.ts';
import { CommandStopped, refused } from '../command-stopped.ts';
import type { TemporalAccess } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { failingWorkflowTask, isLeftLying } from '../worker-health.ts';
import { explainFailure } from './failure.ts';
import { explainUnregistered } from './search-attributes.ts';

type PlanHandle = WorkflowHandle<(input: PlanInput) => Promise<PlanReport>>;

/** How often a waiting plan is looked at, in ms. */
const lookEveryMs = 400;

/** Failures which say that the input cannot be used. */
const inputFailures: readonly (string | null)[] = [
  'input-invalid',
  'target-outside-window',
  'pitr-not-enabled',
];

/**
 * Runs the read-only plan of a recovery and waits for it.
 *
 * @param withinMs how long it may take; after that it is ended, which changes nothing
 * @throws CommandStopped with exit code 2 for input that cannot be used, 1 for another failure, 3 when no worker answers
 */
export async function runPlan(
  access: TemporalAccess,
  input: PlanInput,
  now: Date,
  withinMs: number,
): Promise<PlanReport> {
  const handle = await startPlan(access, input, now);
  const leaving = new AbortController();
  const result = access.client
    .withAbortSignal(leaving.signal, () => handle.result())
    .then(
      (report) => ({ report }),
      (error: unknown) => ({ error }),
    );
  const begun = Date.now();
  try {
    for (;;) {
      const ended = await Promise.race([result, delay(lookEveryMs, null)]);
      if (ended !== null && 'report' in ended) return ended.report;
      if (ended !== null) throw planFailed(ended.error);
      await stopWhereNothingMoves(handle, Date.now() - begun, withinMs);
    }
  } catch (error) {
    if (error instanceof CommandStopped && error.exitCode === exitCodes.unknown) await endQuietly(handle);
    throw error;
  } finally {
    leaving.abort();
  }
}

async function startPlan(access: TemporalAccess, input: PlanInput, now: Date): Promise<PlanHandle> {
  const { environment, startedBy, reason } = input.input;
  try {
    return await access.client.workflow.start<(input: PlanInput) => Promise<PlanReport>>(planWorkflow, {
      workflowId: planWorkflowId(environment, now.getTime()),
      taskQueue,
      workflowIdConflictPolicy: 'FAIL',
      args: [input],
      typedSearchAttributes: [
        { key: searchAttributes.environment, value: environment },
        { key: searchAttributes.scenario, value: input.scenario },
      ],
      memo: { startedBy, reason },
      staticSummary: `Plan of ${input.scenario} in ${environment}: reads only`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw explainUnregistered(error);
    return startPlan(access, input, new Date(now.getTime() + 1 + randomInt(1000)));
  }
}

function planFailed(error: unknown): CommandStopped {
  const failure = explainFailure(error);
  if (inputFailures.includes(failure.type)) {
    return refused(failure.explanation.happened, failure.explanation.next, [failure.explanation.meaning]);
  }
  return new CommandStopped(exitCodes.failed, failure.explanation, ['Nothing was changed.']);
}

async function stopWhereNothingMoves(handle: PlanHandle, waitedMs: number, withinMs: number): Promise<void> {
  const description = await handle.describe();
  const failing = await failingWorkflowTask(handle.client, description);
  if (failing !== null) throw notKnown(failing.happened, failing.next);
  if (isLeftLying(description, waitedMs)) {
    throw notKnown(
      'No worker took up the check, although one polled lately.',
      'Start a worker: npm run worker',
    );
  }
  if (waitedMs < withinMs) return;
  const retried = description.raw.pendingActivities?.find((activity) => activity.lastFailure != null);
  const last = retried?.lastFailure?.message;
  throw notKnown(
    `The check was not done after ${Math.round(withinMs / 1000)} s${last ? `; last failure: ${last}` : '.'}`,
    'Look at the log of the worker and whether the provider answers, then try again.',
  );
}

function notKnown(happened: string, next: string): CommandStopped {
  return new CommandStopped(exitCodes.unknown, { happened, meaning: 'Nothing was changed.', next });
}

async function endQuietly(handle: PlanHandle): Promise<void> {
  try {
    await handle.terminate('dr does not wait for this plan any longer; it only reads');
  } catch {
    // It may have ended by itself in the meantime; it reads only, so either is the same.
  }
}
