import { type ApplicationFailure, uuid4 } from '@temporalio/workflow';
import { activities } from './activities.ts';
import { explainFailure, runbookFailure } from './failure.ts';
import type { FactsPatch, StepContext } from './runbook.ts';

/** Whether the restore request of this plan revision was made and may have taken effect. */
export function restoreUnderWay({ facts, revision }: StepContext): boolean {
  return facts.restoreRequest?.revision === revision && facts.restoreRequest.settlement.kind === 'accepted';
}

/**
 * Restores the database in place, at most once: arms (a row that only a rewind removes), sends one request, settles
 * what became of it, waits. There is no second request in a plan revision unless the first is proved not accepted;
 * where nothing proves it, a person decides. A retry after the request was accepted only goes on waiting.
 *
 * Throws `restore-refused`, `restore-not-accepted` (nothing was changed: a new approval may send again),
 * `restore-failed` or `restore-stuck` (production is fenced; another target or another road is needed).
 */
export async function restoreToPoint(
  context: StepContext,
  step: { readonly id: string; readonly title: string },
): Promise<FactsPatch> {
  const { targetUnix } = context.fact('recoveryPoint');
  if (!restoreUnderWay(context)) {
    const armed = await activities.restore.armRestore({ targetUnix, nonce: uuid4() });
    context.note({ armed });
    if (context.stopRequested) {
      throw notRestored(
        'restore-not-accepted',
        'The restore request was not sent: the run was told to stop.',
      );
    }
    const destroyedBefore = context.destroyed;
    context.setDestroyed(true);
    const failure = await sendOnce(context, step, targetUnix, armed.nonce);
    if (failure !== null) {
      context.setDestroyed(destroyedBefore);
      throw failure;
    }
  }
  const restored = await activities.restore.awaitRestored({
    nonce: context.fact('armed').nonce,
    deadlineMs: context.policy.restore.deadlineMs,
  });
  return { restored };
}

/** Sends the one request. Null when it was accepted; else the failure that says it was proved not to be. */
async function sendOnce(
  context: StepContext,
  step: { readonly id: string; readonly title: string },
  targetUnix: number,
  nonce: string,
): Promise<ApplicationFailure | null> {
  const { requestDeadlineMs, settleMs } = context.policy.restore;
  const requestedAt = new Date().toISOString();
  const outcome = await activities.restore
    .sendRestoreRequest({
      targetUnix,
      deadlineUnixMs: Date.now() + requestDeadlineMs,
      approvedInRun: context.fact('approvedInRun'),
    })
    .catch(() => ({ kind: 'uncertain', reason: 'the worker that sent it did not report back' }) as const);
  if (outcome.kind === 'refused') {
    return notRestored('restore-refused', `The provider refused the restore: ${outcome.message}`);
  }
  if (outcome.kind === 'not-sent') {
    return notRestored('restore-not-accepted', `The restore request was not sent: ${outcome.reason}`);
  }
  const settlement = await activities.restore
    .settleRestore({ nonce, settleMs })
    .catch((error: unknown) => ({ kind: 'unproved', evidence: explainFailure(error).happened }) as const);
  const accepted =
    settlement.kind === 'accepted' ||
    (settlement.kind === 'unproved' &&
      (await context.askWhetherRestoreWasAccepted(step, settlement.evidence)) === 'accepted');
  context.note({
    restoreRequest: {
      revision: context.revision,
      requestedAt,
      settlement: { kind: accepted ? 'accepted' : 'not-accepted', evidence: settlement.evidence },
    },
  });
  return accepted
    ? null
    : notRestored('restore-not-accepted', `The restore request was not accepted. ${settlement.evidence}`);
}

function notRestored(type: 'restore-refused' | 'restore-not-accepted', happened: string): ApplicationFailure {
  return runbookFailure(type, {
    happened,
    meaning: 'Nothing was restored by this request; the fence holds.',
    next: 'Retry to be asked for a new approval, replan with another target, or abort.',
  });
}
