import type { TemporalAccess } from '../connection.ts';
import {
  failingWorkflowTask,
  missingWorkers,
  readPollers,
  silentWorker,
  type WorkerTrouble,
} from '../worker-health.ts';
import { type LeftBehind, leftBehind } from './left-measures.ts';
import { findRun, type RecoveryRun, readStatus, type StatusAnswer } from './run.ts';

/** How long a query waits when no worker polls at all, in ms: one may have just started. */
const hopelessQueryMs = 1000;

/** How long a query waits for a worker, in ms. */
const queryMs = 5000;

/** One look at an environment's recovery. */
export interface Look {
  readonly run: RecoveryRun;
  readonly answer: StatusAnswer;
  readonly troubles: readonly WorkerTrouble[];
  readonly left: LeftBehind;
}

/**
 * Looks at a run: what it says of itself, whether workers live, what it left behind. Takes seconds at most.
 *
 * @param runId which run; without it the newest
 * @returns null when there is none
 */
export async function look(
  access: TemporalAccess,
  environment: string,
  runId?: string,
): Promise<Look | null> {
  const run = await findRun(access, environment, runId);
  return run === null ? null : lookAt(access, run);
}

/** Looks closer at a run that was found. */
async function lookAt(access: TemporalAccess, run: RecoveryRun): Promise<Look> {
  const client = access.client.workflow;
  const [pollers, failing] = await Promise.all([
    readPollers(client),
    failingWorkflowTask(client, run.description),
  ]);
  const missing = missingWorkers(pollers);
  const hopeless = pollers.workflow === 0 || failing !== null;
  const answer = await readStatus(run, hopeless ? hopelessQueryMs : queryMs);
  const troubles = [missing, failing].filter((trouble) => trouble !== null);
  const silent = !run.closed && 'problem' in answer && troubles.length === 0;
  return {
    run,
    answer,
    troubles: silent ? [silentWorker] : troubles,
    left: await leftBehind(run, answer),
  };
}
