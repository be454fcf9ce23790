import { setTimeout as delay } from 'node:timers/promises';
import { failingWorkflowTask, type WorkerTrouble } from '../worker-health.ts';
import { describe, type RecoveryHandle } from './run.ts';

/** How long a start waits for the run's first workflow task, in ms; a live worker needs a tenth of a second. */
const firstTaskMs = 3000;

/** How often to look, in ms. */
const lookEveryMs = 100;

/** Events of a run whose first workflow task is done: started, task scheduled, task started, task completed. */
const eventsOfFirstTask = 4;

/** Waits until a new run has taken its first step, and tells when it cannot because its code fails. */
export async function firstTaskTrouble(handle: RecoveryHandle): Promise<WorkerTrouble | null> {
  const until = Date.now() + firstTaskMs;
  do {
    const description = await describe(handle);
    const failing = await failingWorkflowTask(handle.client, description);
    if (failing !== null || description.historyLength >= eventsOfFirstTask) return failing;
    await delay(lookEveryMs);
  } while (Date.now() < until);
  return null;
}
