import { activities } from './activities.ts';
import { explainFailure } from './failure.ts';
import type { RunState } from './state.ts';

/** How long a recovery waits for operations to stand back, ms. */
const standBackMs = 20_000;

/** Backups and the like stop for a recovery; one that does not is said, and holds nothing back. */
export async function askOperationsToStandBack(state: RunState, environment: string): Promise<void> {
  try {
    const busy = await activities.courtesy.askOperationsToStandBack({ environment, waitMs: standBackMs });
    for (const { operation, workflowId } of busy) {
      state.warn(`The operation ${operation} (${workflowId}) was asked to stand back and is still running.`);
    }
  } catch (error) {
    state.warn(`Running operations could not be asked to stand back: ${explainFailure(error).happened}`);
  }
}
