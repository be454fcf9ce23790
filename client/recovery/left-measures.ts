import type { Measure, RecoveryStatus } from '../../workflows/contracts/status.ts';
import type { RecoveryRun, StatusAnswer } from './run.ts';

/** What a closed run left behind in production. */
export type LeftBehind =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'measures'; readonly measures: readonly Measure[] }
  /** It ended without an end of its own and cannot be asked. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Tells what a run that is over left in force: it was terminated or failed midway, or ended fenced or changed. */
export async function leftBehind(run: RecoveryRun, answer: StatusAnswer): Promise<LeftBehind> {
  if (!run.closed) return { kind: 'nothing' };
  if ('problem' in answer) {
    const idle = run.description.status.name === 'COMPLETED' || (await neverActed(run));
    return idle ? { kind: 'nothing' } : { kind: 'unknown', why: answer.problem };
  }
  return hasLeftMeasures(answer.status)
    ? { kind: 'measures', measures: answer.status.measures }
    : { kind: 'nothing' };
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

function hasLeftMeasures({ measures, outcome }: RecoveryStatus): boolean {
  if (measures.length === 0) return false;
  return outcome === null || outcome === 'left-fenced' || outcome === 'left-changed';
}
