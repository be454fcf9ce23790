import { Context } from '@temporalio/activity';
import type { CoordinationDependencies } from './dependencies.ts';

/** An operation that runs. */
export interface RunningOperation {
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: string;
}

/**
 * Asks every running operation of the environment to stand back, and waits until none runs, one that starts meanwhile
 * included. Each is asked once an attempt; asking twice does no harm. Heartbeats while it waits.
 *
 * @param input.waitMs how long to wait at most, in ms, over all attempts of the activity
 * @returns those that had not ended by then; empty when all did
 * @throws DrError `orchestrator-unavailable` (retried); CancelledFailure when the activity was cancelled
 */
export async function askOperationsToStandBack(
  { registry, policy }: CoordinationDependencies,
  { environment, waitMs }: { readonly environment: string; readonly waitMs: number },
): Promise<readonly RunningOperation[]> {
  const context = Context.current();
  const { attempt, scheduledTimestampMs, workflowExecution } = context.info;
  const giveUpAt = (attempt > 1 ? scheduledTimestampMs : Date.now()) + waitMs;
  const asked = new Set<string>();
  let emptyLooks = 0;
  for (;;) {
    const running = await registry.operationsOf(environment, workflowExecution?.runId ?? '');
    for (const { workflowId, runId } of running) {
      if (asked.has(runId)) continue;
      await registry.askToStandBack(workflowId, runId);
      asked.add(runId);
    }
    context.heartbeat();
    // Temporal's index lags: an operation that started just now is not seen at the first look.
    emptyLooks = running.length === 0 ? emptyLooks + 1 : 0;
    if (emptyLooks === 2 || Date.now() >= giveUpAt) return running;
    await context.sleep(Math.min(policy.pollEveryMs, Math.max(0, giveUpAt - Date.now())));
  }
}
