import { pipeline } from 'node:stream/promises';
import type { ErasableObjectStore } from '../ports.ts';
import type { VaultWork } from './location.ts';
import type { TrustedManifest } from './manifest.ts';
import { sealBackup } from './seal-backup.ts';
import { createSealMeter } from './seal-meter.ts';
import { requireSameSeal } from './verify-object.ts';

/**
 * Copies the object of a backup to a store and seals it there under its own manifest.
 *
 * @param source where the object lies, and under which key
 * @param target the store, and the manifest that the copy gets
 * @throws DrError `verification-failed`, `store-unavailable` (retried) or `store-refused`; no backup is made then
 */
export async function copyBackup(
  source: { readonly store: ErasableObjectStore; readonly key: string },
  target: { readonly store: ErasableObjectStore; readonly trusted: TrustedManifest },
  work: VaultWork,
): Promise<void> {
  const { manifest, key } = target.trusted;
  const meter = createSealMeter(key, (bytes) => work.progress(`copying to ${manifest.key}`, bytes));
  const reading = pipeline(await source.store.get(source.key), meter.stream, { signal: work.signal });
  const [, written] = await Promise.allSettled([
    reading,
    // The stream breaks with the reading's error, so this throws for either side.
    target.store.put(manifest.key, meter.stream, { contentType: 'application/octet-stream' }),
  ]);
  if (written.status === 'rejected') throw written.reason;
  requireSameSeal(meter.seal(), manifest.object, source.key);
  await sealBackup(target.store, target.trusted, work);
}
