import type { StepWait } from './status.ts';

/**
 * How much of a stretch of time a step waited for people, ms.
 *
 * @param from Unix time, ms; so is `to`
 */
export function waitedMs(waits: readonly StepWait[], from: number, to: number): number {
  return waits.reduce((sum, wait) => {
    const begun = Math.max(from, Date.parse(wait.from));
    const ended = Math.min(to, Date.parse(wait.to));
    return ended > begun ? sum + ended - begun : sum;
  }, 0);
}
