import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 100;

/**
 * Looks until something is found: what every wait of these tests is made of.
 *
 * @param what named in the error
 * @param look gives `undefined` as long as there is nothing
 * @param deadlineMs generous: it ends only what would never end
 * @param everyMs between two looks
 * @throws Error when the deadline passes
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 180_000,
  everyMs = lookEveryMs,
): Promise<T> {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > giveUpAt) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await delay(everyMs);
  }
}
