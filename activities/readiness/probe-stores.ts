import { randomUUID } from 'node:crypto';
import type { BucketProtection, StoreFacts } from '../../workflows/contracts/readiness-facts.ts';
import { DrError } from '../errors.ts';
import type { VaultLocation } from '../vault/location.ts';
import { answerWithin } from './answer-within.ts';
import { problemOf } from './problem.ts';

/** How long one place may take for all that it is asked, ms. */
const patienceMs = 10_000;

/**
 * Writes a small object below `doctor/` at every place of backups, reads it back and removes it; a place that fails is told
 * in its own facts. Reads free space and what a bucket does against deletion.
 */
export function probeStores(locations: readonly VaultLocation[]): Promise<readonly StoreFacts[]> {
  return Promise.all(locations.map(probeStore));
}

async function probeStore(location: VaultLocation): Promise<StoreFacts> {
  const startedAt = Date.now();
  const [problem, freeBytes, protection] = await Promise.all([
    answerWithin(patienceMs, location.name, roundTrip(location)).then(() => null, problemOf),
    location.freeBytes === undefined ? null : location.freeBytes().catch(() => null),
    protectionOf(location),
  ]);
  return { location: location.name, problem, tookMs: Date.now() - startedAt, freeBytes, protection };
}

async function roundTrip({ name, store }: VaultLocation): Promise<void> {
  const key = `doctor/${randomUUID()}.txt`;
  const text = `Written by dr doctor to see whether "${name}" can be written; it removes this again.\n`;
  await store.putText(key, text, 'text/plain; charset=utf-8');
  const found = await store.getText(key);
  await store.remove(key);
  if (found === text) return;
  throw new DrError('store-refused', {
    happened: `The place "${name}" gave back something else than was written.`,
    meaning: 'Backups and evidence stored there are not to be trusted.',
    next: 'Look for a proxy or a cache in front of it.',
  });
}

/** Null where it is no bucket, or is one that does not answer, as its round trip tells. */
async function protectionOf({ name, protection }: VaultLocation): Promise<BucketProtection | null> {
  return protection === undefined ? null : answerWithin(patienceMs, name, protection()).catch(() => null);
}
