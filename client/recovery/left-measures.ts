import type { Measure, RecoveryStatus } from '../../workflows/contracts/status.ts';
import type { RecoveryRun, StatusAnswer } from './run.ts';

/** What a closed run left behind in production. */
export type LeftBehind =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'measures'; readonly measures: readonly Measure[] }
  /** It ended without an end of its own and cannot be asked. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Tells what a run that is over left in force: it was terminated or failed midway, or ended fenced or changed. */
export function leftBehind(run: RecoveryRun, answer: StatusAnswer): LeftBehind {
  if (!run.closed) return { kind: 'nothing' };
  if ('problem' in answer) {
    return run.description.status.name === 'COMPLETED'
      ? { kind: 'nothing' }
      : { kind: 'unknown', why: answer.problem };
  }
  return hasLeftMeasures(answer.status)
    ? { kind: 'measures', measures: answer.status.measures }
    : { kind: 'nothing' };
}

function hasLeftMeasures({ measures, outcome }: RecoveryStatus): boolean {
  if (measures.length === 0) return false;
  return outcome === null || outcome === 'left-fenced' || outcome === 'left-changed';
}
