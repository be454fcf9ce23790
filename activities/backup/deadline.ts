/** A signal with whatever reason ended the work first. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Resolves like `work`, or rejects with the signal's reason as soon as it is given, leaving `work` behind. */
  within<T>(work: Promise<T>): Promise<T>;
  /** Takes the timer back. */
  clear(): void;
}

/**
 * Bounds work that may hang in a place which takes no signal, such as a lock in the database.
 *
 * @param ms after how many ms
 * @param expired makes the reason then
 * @param cancelled rejects when the work is no longer wanted; its reason becomes the signal's
 */
export function startDeadline(ms: number, expired: () => Error, cancelled: Promise<never>): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(expired()), ms);
  cancelled.catch((reason: unknown) => controller.abort(reason));
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return {
    signal,
    within: (work) => Promise.race([work, aborted]),
    clear: () => clearTimeout(timer),
  };
}
