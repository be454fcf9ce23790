import type { EndedRecovery, OpenDrill } from '../../contracts/drills.ts';
import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';
import type { Course } from './course.ts';
import { followRecovery, isRecovered, startRecovery } from './recovery.ts';

/** A drill of which something may be left. */
interface Unfinished extends Pick<OpenDrill, 'environment' | 'id' | 'faultId' | 'onCall' | 'approver'> {
  readonly fault: Parameters<typeof startRecovery>[0]['plan']['fault'];
  /** RFC 3339, UTC: just before the fault, as near as is known. */
  readonly brokenAt: string;
  /** Whether it is known that the fault was made. */
  readonly knownBroken: boolean;
  /** The recovery that was begun, and how it ended as far as that is known. */
  readonly run: { readonly workflowId: string; readonly runId: string } | null;
  readonly ended: EndedRecovery | null;
}

/** Takes away whatever this drill has left, also where it was cancelled or failed. Notes what was done. */
export async function cleanUp(course: Course): Promise<void> {
  if (!course.registered) {
    course.cleaned = 'nothing was broken';
    return;
  }
  const { input, plan, id, run, ended } = course;
  course.cleaned = await restoreOrder({
    ...{ environment: input.environment, id, faultId: plan.fault.id, fault: plan.fault, run, ended },
    ...{ onCall: plan.onCall, approver: plan.approver },
    brokenAt: course.broken?.brokenAt ?? course.steps.at(-1)?.startedAt ?? course.startedAt,
    knownBroken: course.broken !== null,
  });
}

/**
 * Takes away what drills have left that were terminated.
 *
 * @returns one line for each
 */
export async function cleanUpAfterEarlier(environment: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const left of await activities.drills.leftDrills({ environment })) {
    const { id, faultId, scenario, onCall, approver, registeredAt, brokenAt } = left;
    const run = await activities.drills.findRecovery({ environment, since: registeredAt, withinMs: 0 });
    const fault = { id: faultId, scenario, title: faultId, noticed: 'an earlier drill left it broken' };
    const done = await restoreOrder({
      ...{ environment, id, faultId, fault, onCall, approver, run, ended: null },
      ...{ brokenAt: brokenAt ?? registeredAt, knownBroken: brokenAt !== null },
    });
    lines.push(`${id} had been ended before it was over: ${done}`);
  }
  return lines;
}

/**
 * Brings an environment back by its runbook where it is not back yet, with simulated answers, since nobody is left who
 * plays. One that was gone as a whole is no runbook's to bring back: that is done with what the fault left. Then takes away
 * what no recovery takes away, and the note in the store.
 *
 * @throws what keeps it from being put in order; the note stays then, for the next drill
 */
async function restoreOrder(drill: Unfinished): Promise<string> {
  const { environment, id, faultId, run } = drill;
  const simulation = { by: drill.approver, drillId: id };
  const done: string[] = [];
  let { ended } = drill;
  if (run !== null && ended === null) {
    ended = await followRecovery(run, simulation);
    done.push('the recovery that was under way was followed to its end');
  }
  const rebuiltElsewhere = drill.fault.scenario === 'complete-failure';
  if (!rebuiltElsewhere && !isRecovered(ended) && (await isBroken(drill, ended))) {
    const plan = { onCall: drill.onCall, fault: drill.fault };
    const left = ended?.left ?? null;
    const again = await startRecovery({ environment, id, plan, brokenAt: drill.brokenAt, left });
    const mended = await followRecovery(again, simulation);
    if (!isRecovered(mended)) {
      throw new Error(`It is still broken: ${mended.report?.headline ?? 'the recovery was terminated'}`);
    }
    done.push('it was recovered by the runbook, with simulated answers');
  }
  done.push(await activities.drills.cleanUpFault({ environment, id, faultId }));
  await activities.drills.closeDrill({ environment, id });
  return done.join('; ');
}

/**
 * Whether it has to be recovered once more. What was never recorded was never broken: the record comes first. Where it is
 * not known whether the fault was made, every row that is not as recorded counts.
 */
async function isBroken(drill: Unfinished, ended: EndedRecovery | null): Promise<boolean> {
  if (ended !== null && ended.left !== null) return true;
  const crash = drill.fault.scenario === 'application-crash';
  if (drill.knownBroken && !crash) return true;
  const { environment, id } = drill;
  try {
    const { data, health } = await activities.drills.inspectDrilled({
      ...{ environment, id, recoveryPoint: null, restoredAt: new Date().toISOString() },
    });
    const wrong = data.tables.some(({ missing, altered }) => missing + altered > 0);
    return !health.healthy || (wrong && !crash);
  } catch (error) {
    return explainFailure(error).type !== 'input-invalid';
  }
}
