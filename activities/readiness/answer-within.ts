import { DrError } from '../errors.ts';
import { within } from '../within.ts';

/**
 * Waits for a place of backups, but not longer than `ms`: one that is silent must not hide what the others answer.
 *
 * @throws DrError `store-unavailable` after `ms`, and whatever the work throws before
 */
export function answerWithin<T>(ms: number, place: string, work: Promise<T>): Promise<T> {
  return within(
    ms,
    work,
    () =>
      new DrError('store-unavailable', {
        happened: `The place "${place}" did not answer within ${ms / 1000} s.`,
        meaning: 'Backups and evidence cannot be written there or read from there now.',
        next: 'Check the provider’s status page and the network from the worker to the endpoint.',
      }),
  );
}
