import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, AnswerKind, DecisionRecord } from '../../workflows/contracts/decisions.ts';
import { answerSignals } from '../../workflows/contracts/messages.ts';
import { queryStatus, type RecoveryHandle } from '../recovery/run.ts';

/** How long a sender waits for the verdict, in ms. */
export const verdictMs = 30_000;

/** How often the verdict is asked for, in ms. */
const askEveryMs = 200;

/** How long one question for the verdict may take, in ms. */
const queryMs = 5000;

/**
 * Sends an answer; Temporal keeps it also while no worker lives.
 *
 * @param handle of the very run that is meant
 */
export async function sendAnswer(
  handle: RecoveryHandle,
  kind: AnswerKind,
  answer: Answer & { readonly id: string },
): Promise<void> {
  await handle.client.withDeadline(Date.now() + queryMs, () => handle.signal(answerSignals[kind], answer));
}

/**
 * Reads the verdict on an answer back from the run.
 *
 * @param id of the answer
 * @param withinMs how long to wait
 * @returns null when no worker judged it in time: it will be judged when one lives
 */
export async function readVerdict(
  handle: RecoveryHandle,
  id: string,
  withinMs: number,
): Promise<DecisionRecord | null> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    const status = await queryStatus(handle, Math.min(queryMs, until - Date.now())).catch(() => null);
    const record = status?.decisions.find((decision) => decision.id === id);
    if (record !== undefined) return record;
    await delay(askEveryMs);
  }
  return null;
}
