import type { ExplainedFailure } from '../../runbook/failure.ts';
import { utc, utcSecond } from '../../runbook/format.ts';
import { restoreUnderWay } from '../../runbook/point-in-time-restore.ts';
import type { StepContext, WaysOn } from '../../runbook/runbook.ts';
import { rebuildElsewhere } from './rebuild-elsewhere.ts';

/**
 * The ways on from a restore that was accepted and does not end: the text for the provider's support, and complete
 * failure, which keeps the fence, with what that loses beyond the target. Null where no restore is under way.
 */
export async function restoreInTrouble(
  failure: ExplainedFailure,
  context: StepContext,
): Promise<WaysOn | null> {
  if (!restoreUnderWay(context)) return null;
  const ticket = { label: 'Support ticket', value: supportTicket(failure, context) };
  // The database answers: there is nothing to rebuild.
  if (failure.type === 'restore-not-accepted') return { facts: [ticket], goesOver: null };
  const { targetUnix } = context.fact('recoveryPoint');
  const elsewhere = await rebuildElsewhere(
    lastGoodMoment(context, targetUnix),
    `The restore to ${utcSecond(targetUnix)} did not end. ${failure.happened}`,
  );
  return {
    ...elsewhere,
    facts: [ticket, ...elsewhere.facts, { label: 'Kept', value: kept(context) }, ...notExchanged(context)],
  };
}

/**
 * The provider restores to whole seconds; the moment that is known to be good may lie within the target's second, and the
 * backup that shows it is the one to rebuild from.
 */
function lastGoodMoment({ facts }: StepContext, targetUnix: number): string {
  const good = facts.damageBounds?.lastGoodAt ?? null;
  if (good !== null && Math.floor(Date.parse(good) / 1000) === targetUnix) return good;
  return new Date(targetUnix * 1000).toISOString();
}

/** Ready to be pasted: names the project and the request, and holds no secret. */
function supportTicket(failure: ExplainedFailure, { fact, facts }: StepContext): string {
  const { project, targetUnix } = fact('recoveryPoint');
  const { requestedAt, settlement } = fact('restoreRequest');
  const armed = facts.armed;
  const before = armed === undefined ? '' : ` Status before it: ${armed.statusBefore}.`;
  const row =
    armed === undefined
      ? ''
      : ` To tell a rewind by, the row ${armed.nonce} of dr.restore_nonce was committed at ${utc(armed.armedAt)}, after the target.`;
  return `URGENT, production is down. Project ${project.ref} (${project.name}, ${project.region}): a point-in-time restore to ${utcSecond(targetUnix)} (recovery_time_target_unix ${targetUnix}) was requested over the Management API at ${utc(requestedAt)} and accepted: ${settlement.evidence}${before}${row} Seen last: ${failure.happened} Please end this restore or roll it back, tell us which, and begin no other one.`;
}

function kept({ facts: { safetyCopy } }: StepContext): string {
  return safetyCopy === undefined
    ? 'NO SAFETY COPY: what was committed after that backup is in no place of ours'
    : `the state right before the restore, what was to be undone included, in the safety copy ${safetyCopy.bucket}/${safetyCopy.key}`;
}

/** The configuration that production is rebuilt from holds what an intruder may know. */
function notExchanged({ scenario, facts }: StepContext): WaysOn['facts'] {
  return scenario === 'security-breach' && facts.credentialProofs === undefined
    ? [
        {
          label: 'NOT EXCHANGED',
          value:
            'credentials: complete failure asks to exchange those that it takes over before the application is started; what only a provider can exchange is left out there, and to a person',
        },
      ]
    : [];
}
