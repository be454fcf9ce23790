import type { OpenDecision } from '../../workflows/contracts/decisions.ts';
import { eventually } from '../end-to-end/condition.ts';
import type { Recovery } from '../end-to-end/recovery.ts';
import type { ChaosCase, GateEnd } from './case.ts';
import type { Accident } from './stage.ts';
import type { Witness } from './witness.ts';

/** How long a restore request may still be on its way, after which it did not arrive, ms. */
const onItsWayMs = 6_000;
/** A run that asks the same again and again does not end. */
const mostUnusual = 8;

/** The people around a recovery, and what they go by. */
export interface OnCall {
  readonly recovery: Recovery;
  readonly witness: Witness;
  readonly accident: Accident;
  readonly chaosCase: Pick<ChaosCase, 'step' | 'gateEnd'>;
}

/** What people were asked. */
export interface Asked {
  /** Besides the usual. */
  readonly unusual: readonly string[];
  /** Where the gate that was to be ended said that a rejection leads. */
  readonly gateLedTo: string | null;
}

/**
 * Answers what a recovery asks, to its end, as careful people would: what the provider's log says decides what became
 * of a restore request. The gate of the case ends as the case says.
 *
 * @throws Error when it asks and asks and does not come to an end
 */
export async function answerEverything(people: OnCall): Promise<Asked> {
  const { recovery, chaosCase } = people;
  const unusual: string[] = [];
  let gateLedTo: string | null = null;
  for (;;) {
    const open = await recovery.next();
    if (open === 'ended') return { unusual, gateLedTo };
    if (unusual.length > mostUnusual)
      throw new Error(`It asks and asks: ${[...new Set(unusual)].join(', ')}.`);
    if (chaosCase.gateEnd !== null && open.kind === 'approval' && open.step === chaosCase.step) {
      gateLedTo = open.consequences[open.answers.indexOf('reject')] ?? null;
      await endGate(recovery, open, chaosCase.gateEnd);
    } else if (!(await answer(open, people))) {
      const why = open.facts.find(({ label }) => label === 'What happened')?.value ?? open.question;
      unusual.push(`${open.kind} of ${open.step}: ${why}`);
    }
  }
}

async function endGate(recovery: Recovery, open: OpenDecision, end: GateEnd): Promise<void> {
  recovery.leave(open);
  const reason = 'it is not wanted';
  switch (end) {
    case 'reject':
      return recovery.accepted('reject', { decision: open.id, reason });
    case 'abort':
      return recovery.accepted('abort', { reason });
    case 'cancel':
      await recovery.handle.cancel();
      return;
    case 'expire':
      return;
  }
}

/** Whether the question belongs to every recovery. */
async function answer(open: OpenDecision, { recovery, witness, accident }: OnCall): Promise<boolean> {
  const decision = open.id;
  switch (open.kind) {
    case 'approval':
      if (open.step === 'tell-users')
        await recovery.answer('reject', { decision, reason: 'nobody needs to know' });
      else await recovery.answer('approve', recovery.approvalOf(open));
      return !open.id.includes('-r2-');
    case 'manual-step':
      await accident.byHand(open.step);
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
