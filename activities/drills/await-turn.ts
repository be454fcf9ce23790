import { Context } from '@temporalio/activity';
import type { DrillDependencies } from './dependencies.ts';

/** Looks without anybody ahead until it is believed: Temporal's index lags. */
const freeLooks = 2;
/** How long operations under way are waited for, ms: half-hourly ones never all end, and stand back for a recovery. */
const operationsMs = 2 * 3_600_000;

/** What is waited for. */
export interface TurnRequest {
  readonly environment: string;
  /** Only earlier drills: a recovery may be what one that was terminated has left. */
  readonly drillsOnly: boolean;
}

/**
 * Waits until the environment is free: no earlier drill and no recovery has it, and operations under way have ended, so
 * that a drill swallows none of them. A drill that waits at its gate for days keeps the next one waiting here, and none
 * is dropped. Heartbeats while it waits.
 *
 * @returns who was waited for, in words; empty when nobody was
 * @throws DrError `orchestrator-unavailable` (retried)
 */
export async function awaitDrillTurn(
  { desk, registry, policy }: DrillDependencies,
  { environment, drillsOnly }: TurnRequest,
): Promise<readonly string[]> {
  const context = Context.current();
  const own = context.info.workflowExecution?.runId ?? '';
  const patienceEnds = context.info.scheduledTimestampMs + operationsMs;
  const waitedFor = new Set<string>();
  let free = 0;
  while (free < freeLooks) {
    const drills = await desk.drillsOf(environment);
    const place = drills.findIndex(({ runId }) => runId === own);
    const earlier = drills.slice(0, Math.max(0, place)).map(({ workflowId }) => workflowId);
    const recovery = drillsOnly ? null : await registry.recoveryOf(environment);
    const operations =
      !drillsOnly && Date.now() < patienceEnds
        ? (await registry.operationsOf(environment, own)).map(({ workflowId }) => workflowId)
        : [];
    const ahead = [...earlier, ...(recovery === null ? [] : [recovery.workflowId]), ...operations];
    for (const workflowId of ahead) waitedFor.add(workflowId);
    // Until the index knows this very run it does not know those that were started just before it.
    free = ahead.length === 0 && place >= 0 ? free + 1 : 0;
    context.heartbeat({
      doing: ahead.length === 0 ? 'taking its turn' : `waiting for ${ahead.join(', ')}`,
      bytes: 0,
    });
    if (free < freeLooks) await context.sleep(policy.pollEveryMs);
  }
  return [...waitedFor];
}
