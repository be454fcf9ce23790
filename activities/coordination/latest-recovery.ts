import type { LatestRecovery } from '../../workflows/contracts/monitor.ts';
import type { CoordinationDependencies } from './dependencies.ts';

/**
 * How the newest recovery of an environment stands: whether it waits to be begun, how it ended, and whether it left
 * anything in force. One that was terminated and cannot be asked counts as having left nothing; `dr status` says more.
 *
 * @throws DrError `orchestrator-unavailable` (retried)
 */
export async function latestRecovery(
  { desk }: CoordinationDependencies,
  { environment }: { readonly environment: string },
): Promise<LatestRecovery> {
  const newest = await desk.newest(environment);
  if (newest === null) return { kind: 'none' };
  const { workflowId, runId, startedAt } = newest;
  const seen = await desk.look(workflowId, runId);
  if (seen.state === 'running') {
    const { status } = seen;
    return {
      kind: 'running',
      startedAt,
      scenario: status?.scenario ?? null,
      proposed: status?.phase === 'proposed',
    };
  }
  const outcome = seen.report?.outcome;
  return {
    kind: 'ended',
    startedAt,
    outcome: outcome === 'recovered' || outcome === 'undone' ? outcome : 'other',
    leftMeasures: seen.left !== null,
  };
}
