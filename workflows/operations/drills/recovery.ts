import type { DrillPlan, EndedRecovery, RecoveredPoint, RecoveryRunId } from '../../contracts/drills.ts';
import type { LeftBehind, RecoveryInput } from '../../contracts/inputs.ts';
import { recoveryWorkflowId, scenarioTargets } from '../../contracts/names.ts';
import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { startRecoveryRun } from '../start-recovery.ts';

/** What a recovery of a drill is started for. */
export interface DrillRecovery {
  readonly environment: string;
  readonly id: string;
  readonly plan: Pick<DrillPlan, 'onCall' | 'fault'>;
  /** RFC 3339, UTC: when it was broken. */
  readonly brokenAt: string;
  /** What an earlier recovery left in force. */
  readonly left: LeftBehind | null;
}

/**
 * Starts the runbook as on-call would: the same workflow, under the same id. It outlives the drill. Where the monitor was
 * quicker, its run is the one.
 */
export async function startRecovery(drill: DrillRecovery): Promise<RecoveryRunId> {
  const { environment, id, plan, brokenAt, left } = drill;
  const { scenario, noticed } = plan.fault;
  const input: RecoveryInput = {
    environment,
    startedBy: plan.onCall,
    reason: `DRILL ${id}: ${noticed}`,
    incidentAt: brokenAt,
    target: scenarioTargets[scenario] === 'required' ? { kind: 'just-before', moment: brokenAt } : null,
    ...(left === null ? {} : { left }),
  };
  const runId = await startRecoveryRun(scenario, input, `DRILL: ${scenario} in ${environment}`);
  if (runId !== null) return { workflowId: recoveryWorkflowId(environment), runId };
  const quicker = await activities.drills.findRecovery({ environment, since: brokenAt, withinMs: 0 });
  if (quicker !== null) return quicker;
  throw runbookFailure('internal-error', {
    happened: `Another recovery has ${environment}, which began before anything was broken.`,
    meaning: 'The drill cannot recover what it broke before that has ended.',
    next: 'See how it stands: npx dr status',
  });
}

/** Waits until a recovery is over; answers it where that is simulated. */
export function followRecovery(
  run: RecoveryRunId,
  simulation: { readonly by: string; readonly drillId: string } | null,
): Promise<EndedRecovery> {
  return activities.drillWaits.followRecovery({ run, simulation });
}

/** Whether production is back. */
export const isRecovered = (ended: EndedRecovery | null): boolean => ended?.report?.outcome === 'recovered';

/** Up to where a recovery brought everything back; null where nothing was rewound. */
export function recoveredPoint({ report }: EndedRecovery): RecoveredPoint | null {
  if (report === null) return null;
  const { status, restoredToUnix, recoveredTo = null } = report;
  if (status.scenario === 'complete-failure') {
    // Its fraction has microseconds, of which dates know none: the next millisecond is not before it.
    return recoveredTo === null ? null : { unix: (Date.parse(recoveredTo.at) + 1) / 1000, of: 'backup' };
  }
  return restoredToUnix === null ? null : { unix: restoredToUnix, of: 'restore' };
}

/** Steps that bring rows back, in place or elsewhere. */
const restoringSteps = ['restore-database', 'rebuild-database'];

/** When the restore of a recovery was over, RFC 3339 UTC; null where nothing was rewound. */
export function restoredAt(ended: EndedRecovery): string | null {
  const { report } = ended;
  if (report === null || recoveredPoint(ended) === null) return null;
  const step = report.status.steps.find(({ id }) => restoringSteps.includes(id));
  return step?.finishedAt ?? report.status.startedAt;
}
