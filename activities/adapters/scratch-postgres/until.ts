import { setTimeout as delay } from 'node:timers/promises';

const pollIntervalMs = 10;

/**
 * Waits until `look` gives something other than `undefined`.
 *
 * @param what named in the error
 * @param deadlineMs how long to wait at most, in ms
 * @param signal ends the wait at once
 * @throws Error when the deadline passes or the signal is given
 */
export async function until<T>(
  what: string,
  deadlineMs: number,
  look: () => Promise<T | undefined> | T | undefined,
  signal?: AbortSignal,
): Promise<T> {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > giveUpAt) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await delay(pollIntervalMs, undefined, signal === undefined ? {} : { signal });
  }
}
