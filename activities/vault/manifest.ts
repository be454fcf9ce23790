import { z } from 'zod';
import type { ObjectStore } from '../ports.ts';
import { backupKinds, manifestKey } from './backup-name.ts';
import type { Keyring } from './keyring.ts';
import {
  authenticationNote,
  digestText,
  iterationCount,
  opensslSaltText,
  readSignedDocument,
} from './signed-document.ts';
import { untrustworthy } from './untrustworthy.ts';

/** One table as a backup holds it. */
export const tableContent = z.object({
  schema: z.string(),
  name: z.string(),
  rows: z.int().nonnegative(),
  /** SHA-256 over the table's row lines as they stand in the export, commas and line ends included. */
  fingerprint: digestText,
});

/**
 * What stands beside every backup, and is written last: an object without a manifest is no backup. Its own last line is
 * an HMAC, see `signDocument`.
 */
export const backupManifest = z.object({
  format: z.literal('vendhub-backup-manifest'),
  version: z.literal(1),
  /** The key of the object that it describes: a manifest under another name is refused. */
  key: z.string(),
  kind: z.enum(backupKinds),
  /** The moment that the backup is for: RFC 3339, UTC. */
  at: z.string(),
  /** When it was written: RFC 3339, UTC. */
  writtenAt: z.string(),
  /** The backup that this is a copy of. */
  copiedFrom: z.string().nullable(),
  /** By hand: this reads it. */
  readWith: z.string(),
  object: z.object({ bytes: z.int().positive(), sha256: digestText, hmac: digestText }),
  encryption: z.object({
    cipher: z.literal('aes-256-cbc'),
    kdf: z.literal('pbkdf2-hmac-sha256'),
    iterations: iterationCount,
    salt: opensslSaltText,
  }),
  authentication: authenticationNote,
  compression: z.literal('gzip'),
  content: z.object({
    format: z.string(),
    version: z.int(),
    bytes: z.int().nonnegative(),
    database: z.string(),
    serverVersion: z.string(),
    /** RFC 3339, UTC, µs. */
    snapshotAt: z.string(),
    lsn: z.string(),
    tables: z.array(tableContent),
  }),
  tool: z.object({ name: z.string(), version: z.string() }),
});

/** See {@link backupManifest}. */
export type BackupManifest = z.infer<typeof backupManifest>;

/** A manifest that was found authentic, and the key that authenticates its object. */
export interface TrustedManifest {
  readonly manifest: BackupManifest;
  readonly key: Buffer;
}

/**
 * Reads the manifest of a backup.
 *
 * @returns undefined when there is none
 * @throws DrError `verification-failed` for any altered byte, another passphrase or another backup's manifest;
 *   `store-unavailable` (retried), `store-refused`, `configuration-invalid`
 */
export async function readManifest(
  store: ObjectStore,
  key: string,
  keyring: Keyring,
): Promise<TrustedManifest | undefined> {
  const what = `The manifest of "${key}"`;
  const text = await store.getText(manifestKey(key));
  if (text === undefined) return undefined;
  const { document, key: authenticationKey } = await readSignedDocument(text, {
    schema: backupManifest,
    keyring,
    what,
  });
  if (document.key !== key) throw untrustworthy(what, `is that of "${document.key}"`);
  return { manifest: document, key: authenticationKey };
}
