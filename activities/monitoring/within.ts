import { DrError } from '../errors.ts';

/**
 * Waits for a look, but not longer than `ms`, and not after `signal`. The look itself goes on and ends by the time limits
 * of its own; what comes of it is dropped.
 *
 * @throws DrError `internal-error` after `ms`, the signal's reason, and whatever the look throws before
 */
export async function within<T>(ms: number, signal: AbortSignal, look: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const ending = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(silent(ms)), ms);
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([look, ending]);
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

function silent(ms: number): DrError {
  return new DrError('internal-error', {
    happened: `No answer within ${ms / 1000} s.`,
    meaning: 'What was asked is not known.',
    next: 'Look whether it answers by hand.',
  });
}
