import type { UnfinishedBreach } from '../../workflows/contracts/breach.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { CoordinationDependencies } from './dependencies.ts';

/**
 * The newest recovery from a security breach, where its end does not say that stolen credentials were exchanged: it goes
 * on, or did not recover, and no complete failure after it exchanged them. One that was undone had nothing to exchange.
 *
 * @returns null also where Temporal keeps no such recovery any more
 * @throws DrError `orchestrator-unavailable` (retried)
 */
export async function unfinishedBreach(
  { desk }: CoordinationDependencies,
  { environment }: { readonly environment: string },
): Promise<UnfinishedBreach | null> {
  const [breach] = await desk.recoveriesOf(environment, 'security-breach');
  if (breach === undefined) return null;
  const { startedAt } = breach;
  const seen = await desk.look(breach.workflowId, breach.runId);
  if (seen.state === 'running') return { startedAt, goesOn: true };
  if (seen.report?.outcome === 'recovered' || seen.report?.outcome === 'undone') return null;
  for (const rebuild of await desk.recoveriesOf(environment, 'complete-failure')) {
    if (rebuild.startedAt < startedAt) break;
    const later = await desk.look(rebuild.workflowId, rebuild.runId);
    if (later.state === 'over' && later.report?.outcome === 'recovered' && exchanged(later.report))
      return null;
  }
  return { startedAt, goesOn: false };
}

function exchanged({ status }: RecoveryReport): boolean {
  return status.steps.some(({ id, state }) => id === 'rotate-standby-credentials' && state === 'done');
}
