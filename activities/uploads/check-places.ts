import { DrError } from '../errors.ts';
import type { SyncDependencies, SyncInput } from './places.ts';

/**
 * Looks whether both places of a synchronisation that somebody chose by hand can be used, before anything is changed.
 *
 * @throws DrError `input-invalid` (not retried) for one place twice, a store that is not configured, a bucket or a source folder that is
 *   not there, or keys that are refused; `store-unavailable` (retried) when a store does not answer
 */
export async function checkPlaces(
  dependencies: Pick<SyncDependencies, 'check'>,
  { from, to }: Pick<SyncInput, 'from' | 'to'>,
  signal: AbortSignal,
): Promise<void> {
  const names = new Set<string>();
  for (const [side, place] of [
    ['source', from],
    ['destination', to],
  ] as const) {
    try {
      names.add(await dependencies.check(place, side, signal));
    } catch (error) {
      if (!(error instanceof DrError) || error.retried) throw error;
      throw new DrError('input-invalid', {
        happened: `The ${side} cannot be used. ${error.explanation.happened}`,
        meaning: 'Nothing was changed at either place.',
        next: error.explanation.next,
      });
    }
  }
  if (names.size === 1) {
    throw new DrError('input-invalid', {
      happened: `Source and destination are the same place: ${[...names].join()}.`,
      meaning: 'Nothing was changed there.',
      next: 'Give two different places.',
    });
  }
}
