import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ObjectStore } from '../ports.ts';
import type { VaultWork } from './location.ts';
import type { TrustedManifest } from './manifest.ts';
import { createSealMeter, type Seal } from './seal-meter.ts';
import { untrustworthy } from './untrustworthy.ts';

/**
 * Reads the object of a backup to its end, and compares size, SHA-256 and HMAC with its manifest.
 *
 * @throws DrError `verification-failed` for any altered byte; `store-unavailable` (retried), `store-refused`
 */
export async function verifyObject(
  store: ObjectStore,
  { manifest, key }: TrustedManifest,
  work: VaultWork,
): Promise<void> {
  const meter = createSealMeter(key, (bytes) => work.progress(`checking ${manifest.key}`, bytes));
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(await store.get(manifest.key), meter.stream, nowhere, { signal: work.signal });
  requireSameSeal(meter.seal(), manifest.object, manifest.key);
}

/**
 * Compares what was read with what was written.
 *
 * @throws DrError `verification-failed`
 */
export function requireSameSeal(found: Seal, expected: Seal, key: string): void {
  const what = `The backup "${key}"`;
  if (found.bytes !== expected.bytes) {
    throw untrustworthy(what, `has ${found.bytes} bytes instead of ${expected.bytes}`);
  }
  if (found.sha256 !== expected.sha256 || found.hmac !== expected.hmac) {
    throw untrustworthy(what, 'is not what was stored: its bytes were altered');
  }
}
