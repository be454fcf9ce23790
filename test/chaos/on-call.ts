import type { OpenDecision } from '../../workflows/contracts/decisions.ts';
import { eventually } from '../end-to-end/condition.ts';
import type { Recovery } from '../end-to-end/recovery.ts';
import type { Witness } from './witness.ts';

/** How long a restore request may still be on its way, after which it did not arrive, ms. */
const onItsWayMs = 6_000;

/**
 * Answers what a recovery asks, to its end, as careful people would: what the provider's log says decides what became
 * of a restore request.
 *
 * @returns what was asked besides the usual
 */
export async function answerEverything(recovery: Recovery, witness: Witness): Promise<string[]> {
  const unusual: string[] = [];
  for (;;) {
    const open = await recovery.next();
    if (open === 'ended') return unusual;
    if (!(await answer(open, recovery, witness))) unusual.push(`${open.kind} of ${open.step}`);
  }
}

/** Whether the question belongs to every recovery. */
async function answer(open: OpenDecision, recovery: Recovery, witness: Witness): Promise<boolean> {
  const decision = open.id;
  switch (open.kind) {
    case 'approval':
      if (open.step === 'restore-database') await recovery.answer('approve', recovery.approvalOf(open));
      else await recovery.answer('reject', { decision, reason: 'nobody needs to know' });
      return !open.id.includes('-r2-');
    case 'manual-step':
      await recovery.answer('confirm', { decision, reason: 'it is what was wanted' });
      return true;
    case 'restore-unproved': {
      const arrived = await arrivedInTheEnd(witness);
      await recovery.answer(arrived ? 'confirm' : 'reject', {
        decision,
        reason: "the provider's log says so",
      });
      return false;
    }
    default:
      await recovery.answer('retry', { decision });
      return false;
  }
}

async function arrivedInTheEnd(witness: Witness): Promise<boolean> {
  const call = () => witness.restores().at(-1);
  const giveUpAt = Date.now() + onItsWayMs;
  return eventually('what became of the request', () => {
    if (call()?.ran === true) return true;
    return call() === undefined || Date.now() > giveUpAt ? false : undefined;
  });
}
