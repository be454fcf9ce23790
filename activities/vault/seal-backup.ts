import type { ErasableObjectStore } from '../ports.ts';
import { manifestKey } from './backup-name.ts';
import type { VaultWork } from './location.ts';
import type { TrustedManifest } from './manifest.ts';
import { signDocument } from './signed-document.ts';
import { untrustworthy } from './untrustworthy.ts';
import { verifyObject } from './verify-object.ts';

/**
 * Makes a stored object a backup: reads it back, compares it with what was written, and only then writes its manifest.
 *
 * @throws DrError `verification-failed` when the store gives back something else; `store-unavailable` (retried) or
 *   `store-refused`. There is no manifest then.
 */
export async function sealBackup(
  store: ErasableObjectStore,
  trusted: TrustedManifest,
  work: VaultWork,
): Promise<void> {
  await verifyObject(store, trusted, work);
  const text = signDocument(trusted.manifest, trusted.key);
  const key = manifestKey(trusted.manifest.key);
  await store.putText(key, text, 'application/json');
  if ((await store.getText(key)) === text) return;
  await store.remove(key);
  throw untrustworthy(`The manifest "${key}"`, 'is not what was stored a moment ago');
}
