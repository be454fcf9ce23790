import { DrError } from '../errors.ts';
import { manifestKey } from './backup-name.ts';
import type { Keyring } from './keyring.ts';
import type { VaultLocation, VaultWork } from './location.ts';
import { readManifest, type TrustedManifest } from './manifest.ts';
import { verifyObject } from './verify-object.ts';

/** How a location stands with one backup. */
export type BackupState =
  | { readonly kind: 'whole'; readonly trusted: TrustedManifest }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Looks whether a location holds a backup already, and reads all of it.
 *
 * One whose manifest is authentic and whose object is not what it says is unmade (its manifest is removed), so that it
 * can be replaced. One whose manifest is not authentic is left alone: the passphrase here may be the wrong one.
 */
export async function inspectBackup(
  location: VaultLocation,
  { key, keyring }: { readonly key: string; readonly keyring: Keyring },
  work: VaultWork,
): Promise<BackupState> {
  try {
    const trusted = await readManifest(location.store, key, keyring);
    if (trusted === undefined) return { kind: 'absent' };
    if (await holdsItsObject(location, trusted, work)) return { kind: 'whole', trusted };
    await location.store.remove(manifestKey(key));
    return { kind: 'absent' };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

async function holdsItsObject(location: VaultLocation, trusted: TrustedManifest, work: VaultWork) {
  const listed = await location.store.list(trusted.manifest.key);
  if (!listed.some(({ key }) => key === trusted.manifest.key)) return false;
  try {
    await verifyObject(location.store, trusted, work);
    return true;
  } catch (error) {
    if (error instanceof DrError && error.type === 'verification-failed') return false;
    throw error;
  }
}
