import { DrError } from '../errors.ts';
import type { Tally } from './tally.ts';

/** So many failures of the store in a row, none succeeding between them, are the store's and not the objects'. */
const failuresInARow = 20;

/** Does the work of a run piece by piece. */
export interface Attempts {
  /** Does one piece of work; its failure is listed under the key. */
  attempt(key: string, work: () => Promise<void>): Promise<void>;
  /** Throws what made going on useless, or the reason of the signal. */
  requireGoingOn(): void;
}

/** @param given is aborted when the store itself fails, so that what is in flight ends */
export function createAttempts(tally: Tally, given: AbortController, signal: AbortSignal): Attempts {
  let inARow = 0;
  let useless: DrError | undefined;
  return {
    async attempt(key, work) {
      if (signal.aborted) return;
      try {
        await work();
        inARow = 0;
      } catch (error) {
        if (signal.aborted) return;
        const known = error instanceof DrError;
        tally.failures.add({
          key,
          type: known ? error.type : 'internal-error',
          message: known ? error.message : 'It failed in a way that was not foreseen.',
        });
        inARow = known && error.type === 'store-unavailable' ? inARow + 1 : 0;
        if (!known || inARow < failuresInARow) return;
        useless = error;
        given.abort(error);
      }
    },
    requireGoingOn() {
      if (useless !== undefined) throw useless;
      signal.throwIfAborted();
    },
  };
}
