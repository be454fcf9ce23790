import { uuid4 } from '@temporalio/workflow';
import { activities } from './activities.ts';
import { runbookFailure } from './failure.ts';
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
    context.setDestroyed(true);
    await sendOnce(context, step, targetUnix, armed.nonce);
  }
  const restored = await activities.restore.awaitRestored({
    nonce: context.fact('armed').nonce,
    targetUnix,
    deadlineMs: context.policy.restore.deadlineMs,
  });
  return { restored };
}

async function sendOnce(
  context: StepContext,
  step: { readonly id: string; readonly title: string },
  targetUnix: number,
  nonce: string,
): Promise<void> {
  const { requestDeadlineMs, settleMs } = context.policy.restore;
  const outcome = await activities.restore
    .sendRestoreRequest({ targetUnix, deadlineUnixMs: Date.now() + requestDeadlineMs })
    .catch(() => ({ kind: 'uncertain', reason: 'the worker that sent it did not report back' }) as const);

  if (outcome.kind === 'refused' || outcome.kind === 'not-sent') {
    context.setDestroyed(false);
    const reason = outcome.kind === 'refused' ? outcome.message : outcome.reason;
    throw runbookFailure(outcome.kind === 'refused' ? 'restore-refused' : 'restore-not-accepted', {
      happened: `The restore was ${outcome.kind === 'refused' ? 'refused by the provider' : 'not sent'}: ${reason}`,
      meaning: 'Nothing was restored and nothing was destroyed; the fence holds.',
      next: 'Retry to be asked for a new approval, replan with another target, or abort to undo everything.',
    });
  }

  const settlement = await activities.restore.settleRestore({ nonce, settleMs });
  const accepted =
    settlement.kind === 'accepted' ||
    (settlement.kind === 'unproved' &&
      (await context.askWhetherRestoreWasAccepted(step, settlement.evidence)) === 'accepted');
  context.note({
    restoreRequest: {
      revision: context.revision,
      settlement: { kind: accepted ? 'accepted' : 'not-accepted', evidence: settlement.evidence },
    },
  });
  if (!accepted) {
    context.setDestroyed(false);
    throw runbookFailure('restore-not-accepted', {
      happened: `The restore request was not accepted. ${settlement.evidence}`,
      meaning: 'Nothing was restored and nothing was destroyed; the fence holds.',
      next: 'Retry to be asked for a new approval, replan with another target, or abort to undo everything.',
    });
  }
}
