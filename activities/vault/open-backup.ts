import { pipeline, type Readable, Writable } from 'node:stream';
import { pipeline as pipelineDone } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DrError } from '../errors.ts';
import type { ObjectStore } from '../ports.ts';
import { openUnnamedFile, type UnnamedFile } from '../unnamed-file.ts';
import type { Keyring } from './keyring.ts';
import type { VaultWork } from './location.ts';
import { type BackupManifest, readManifest, type TrustedManifest } from './manifest.ts';
import { decryptLikeOpenssl, opensslHeaderBytes } from './openssl-format.ts';
import { createSealMeter } from './seal-meter.ts';
import { requireSameSeal } from './verify-object.ts';

/** A backup that was found authentic. */
export interface OpenBackup {
  readonly manifest: BackupManifest;
  /** The export as it was; read it to its end or destroy it. */
  readonly body: Readable;
}

/**
 * Opens a backup. All of it is fetched and its HMAC checked before the first byte is decrypted; what was checked is what
 * is used, because it is kept, still encrypted, in a temporary file without a name.
 *
 * @throws DrError `verification-failed` for any altered byte or another passphrase, `input-invalid` when there is none,
 *   `store-unavailable` (retried), `store-refused`, `configuration-invalid`
 */
export async function openBackup(
  { store, keyring }: { readonly store: ObjectStore; readonly keyring: Keyring },
  key: string,
  work: VaultWork,
): Promise<OpenBackup> {
  const trusted = await requireManifest(store, key, keyring);
  const { manifest } = trusted;
  const file = openUnnamedFile();
  try {
    await fetchVerified(store, trusted, file, work);
    const decipher = await decryptLikeOpenssl(keyring, manifest.encryption);
    const encrypted = file.readToEnd(opensslHeaderBytes, 256 * 1024);
    return { manifest, body: pipeline(encrypted, decipher, createGunzip(), () => undefined) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Reads a manifest that must be there.
 *
 * @throws DrError `input-invalid` when it is not, and what `readManifest` throws
 */
export async function requireManifest(
  store: ObjectStore,
  key: string,
  keyring: Keyring,
): Promise<TrustedManifest> {
  const trusted = await readManifest(store, key, keyring);
  if (trusted !== undefined) return trusted;
  throw new DrError('input-invalid', {
    happened: `There is no backup ${JSON.stringify(key.slice(0, 200))}: it has no manifest.`,
    meaning: 'Nothing was read. An object without a manifest was never finished, and is no backup.',
    next: 'List the backups and choose one of them.',
  });
}

async function fetchVerified(
  store: ObjectStore,
  { manifest, key }: TrustedManifest,
  file: UnnamedFile,
  work: VaultWork,
): Promise<void> {
  const meter = createSealMeter(key, (bytes) => work.progress(`fetching ${manifest.key}`, bytes));
  const spool = new Writable({
    write(chunk: Buffer, _encoding, done) {
      file.append(chunk).then(() => done(), done);
    },
  });
  await pipelineDone(await store.get(manifest.key), meter.stream, spool, { signal: work.signal });
  requireSameSeal(meter.seal(), manifest.object, manifest.key);
}
