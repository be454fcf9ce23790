import { DrError } from '../errors.ts';

/**
 * Waits for work, but not longer than `ms`: one place that is silent must not hide what the others answer. The work itself
 * goes on and ends by the time limits of its own.
 *
 * @throws DrError `store-unavailable` after `ms`, and whatever the work throws before
 */
export async function within<T>(ms: number, place: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(silent(place, ms)), ms);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function silent(place: string, ms: number): DrError {
  return new DrError('store-unavailable', {
    happened: `The place "${place}" did not answer within ${ms / 1000} s.`,
    meaning: 'Backups and evidence cannot be written there or read from there now.',
    next: 'Check the provider’s status page and the network from the worker to the endpoint.',
  });
}
