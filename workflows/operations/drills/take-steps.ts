import type { EndedRecovery, OpenDrill } from '../../contracts/drills.ts';
import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { duration, plural, utc } from '../../runbook/format.ts';
import { type Course, now } from './course.ts';
import { ensureFreshBackup } from './fresh-backup.ts';
import { followRecovery, isRecovered, recoveredPoint, restoredAt, startRecovery } from './recovery.ts';

/** Tells the team that a drill begins. What a surprise breaks is not told. */
export async function announce({ input, policy, plan, id }: Course): Promise<string> {
  const { environment, surprise = false, simulateApprovals = false, unaided = false } = input;
  const what = surprise ? 'a surprise' : `${plan.fault.scenario}: ${plan.fault.title}`;
  const { sent, reason } = await activities.quickNotification
    .mailTeam({
      recipients: policy.mail.team,
      subject: `DRILL begins in ${environment}`,
      lines: [
        `This is a drill in ${environment}, not an incident. It breaks for real, and recovers by the runbook: ${what}.`,
        simulateApprovals
          ? 'The answers are simulated: nobody has to do anything.'
          : `Take part: ${plan.participants.join(', ')}. The recovery asks as it would in an incident; the time you take is measured.`,
        unaided ? 'The monitor has to notice it.' : `The recovery is started in the name of ${plan.onCall}.`,
        `npx dr status --environment ${environment}`,
      ],
      dedupeKey: `${id}/begins`,
    })
    .catch(() => ({ sent: 0, reason: 'the mail server took it not in time' }));
  return sent > 0 ? `${plural(sent, 'mail', 'mails')} sent` : `NOBODY was told by mail: ${reason}`;
}

/** Notes what is about to be broken, and breaks it. */
export async function breakIt(course: Course): Promise<string> {
  const { input, policy, plan, id, runId } = course;
  const { environment } = input;
  const { onCall, approver, fault } = plan;
  const open: OpenDrill = {
    formatVersion: 1,
    ...{ environment, id, runId, onCall, approver },
    faultId: fault.id,
    scenario: fault.scenario,
    registeredAt: now(),
    brokenAt: null,
  };
  const kept = fault.scenario === 'complete-failure' ? `; ${await ensureFreshBackup(policy)}` : '';
  await activities.drills.registerDrill(open);
  course.registered = true;
  const broken = await activities.drillOnce.breakProduction({ environment, id, faultId: fault.id });
  course.broken = broken;
  await activities.drills.registerDrill({ ...open, brokenAt: broken.brokenAt });
  const rows = broken.tables.reduce((sum, table) => sum + table.rows, 0);
  return `${fault.title} (${fault.id}) at ${utc(broken.brokenAt)}; before it ${plural(rows, 'row', 'rows')} in ${plural(broken.tables.length, 'table', 'tables')} were recorded${kept}`;
}

/** Recovers by the runbook, started by the drill or by the monitor. */
export async function recover(course: Course): Promise<string> {
  const { input, plan, id, policy } = course;
  const { environment, simulateApprovals = false, unaided = false } = input;
  const brokenAt = course.broken?.brokenAt ?? now();
  if (unaided) {
    const { noticeWithinMs } = policy.drill;
    const found = await activities.drillWaits.findRecovery({
      environment,
      since: brokenAt,
      withinMs: noticeWithinMs,
    });
    if (found === null) throw unnoticed(noticeWithinMs);
    course.run = found;
    course.recoveryStartedAt = found.startedAt;
  } else {
    course.run = await startRecovery({ environment, id, plan, brokenAt, left: null });
    course.recoveryStartedAt = now();
  }
  const simulation = simulateApprovals ? { by: plan.approver, drillId: id } : null;
  const ended = await followRecovery(course.run, simulation);
  course.ended = ended;
  return `started ${duration(Date.parse(course.recoveryStartedAt) - Date.parse(brokenAt))} after the fault${unaided ? ' by the monitor' : ''}; ${ended.report?.headline ?? 'it was terminated'}`;
}

/** Holds what is there against what was there. */
export async function verify(course: Course): Promise<string> {
  if (course.ended === null) return 'nothing to verify';
  if (course.plan.fault.scenario === 'complete-failure' && !isRecovered(course.ended)) {
    return 'nothing to verify: production was not rebuilt';
  }
  course.inspection = await inspect(course, course.ended);
  const { data, health } = course.inspection;
  const wrong = data.tables.reduce(
    (sum, { missing, altered, surplus }) => sum + missing + altered + surplus,
    0,
  );
  return `${plural(wrong, 'row is', 'rows are')} not as recorded; the application ${health.healthy ? 'is healthy' : 'is NOT healthy'}`;
}

/** Looks at the environment after a recovery. */
export function inspect({ input, id }: Pick<Course, 'input' | 'id'>, ended: EndedRecovery) {
  return activities.drills.inspectDrilled({
    environment: input.environment,
    id,
    recoveryPoint: recoveredPoint(ended),
    restoredAt: restoredAt(ended),
  });
}

function unnoticed(withinMs: number) {
  return runbookFailure('internal-error', {
    happened: `The monitor started no recovery within ${duration(withinMs)} of the fault.`,
    meaning: 'It did not notice, does not run, or is silenced.',
    next: 'See what it sees: npx dr monitor',
  });
}
