import type { Measure } from '../../workflows/contracts/status.ts';
import type { RecoveryRun, StatusAnswer } from './run.ts';

/** What a closed run left behind in production. */
export type LeftBehind =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'measures'; readonly measures: readonly Measure[] }
  /** It cannot be asked, and its result could not be read. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Tells what a run that is over left in force, in whatever way it ended. */
export async function leftBehind(run: RecoveryRun, answer: StatusAnswer): Promise<LeftBehind> {
  if (!run.closed) return { kind: 'nothing' };
  if ('problem' in answer) {
    const idle = await neverActed(run);
    return idle ? { kind: 'nothing' } : { kind: 'unknown', why: answer.problem };
  }
  const { measures } = answer.status;
  return measures.length > 0 ? { kind: 'measures', measures } : { kind: 'nothing' };
}

/** Longest history, in events, of a run that was ended before it did anything. */
const idleHistoryEvents = 20;

/** How long Temporal may take to hand a short history over, in ms. */
const historyMs = 5000;

/** Only activities change anything, so a run that scheduled none left nothing. */
async function neverActed({ handle, description }: RecoveryRun): Promise<boolean> {
  if (description.historyLength > idleHistoryEvents) return false;
  try {
    const history = await handle.client.withDeadline(Date.now() + historyMs, () => handle.fetchHistory());
    return history.events?.every((event) => event.activityTaskScheduledEventAttributes == null) ?? false;
  } catch {
    return false;
  }
}
