import type { DrError } from './errors.ts';

/**
 * Waits for work, but not longer than `ms`, and not after `signal`. The work itself goes on and ends by the time limits of
 * its own; what comes of it is dropped.
 *
 * @param silence what to say of work that did not end in time
 * @throws `silence` after `ms`, the signal's reason, and whatever the work throws before
 */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  silence: () => DrError,
  signal?: AbortSignal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const ending = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(silence()), ms);
    stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
  });
  try {
    return await Promise.race([work, ending]);
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal?.removeEventListener('abort', stop);
  }
}
