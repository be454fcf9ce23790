import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Keyring } from './keyring.ts';
import { opensslHeaderBytes, opensslMagic } from './openssl-format.ts';
import {
  authenticationNote,
  iterationCount,
  newAuthentication,
  readSignedDocument,
  signDocument,
} from './signed-document.ts';

const envelope = z.object({
  format: z.string(),
  version: z.literal(1),
  /** RFC 3339, UTC. */
  writtenAt: z.string(),
  /** By hand: this reads it. */
  readWith: z.string(),
  iterations: iterationCount,
  sealed: z.base64(),
  authentication: authenticationNote,
});

/** What a sealed text says of itself, so that one is not taken for another. */
export interface SealedKind {
  /** Such as `vendhub-credential`. */
  readonly format: string;
  readonly keyring: Keyring;
}

/**
 * Encrypts a short text as `openssl enc` does and authenticates it, with the passphrase of the backups.
 *
 * @param fileName how the object is called in the command that reads it by hand
 * @returns a JSON document
 * @throws DrError `configuration-invalid` (not retried) where there is no passphrase; nothing was encrypted then
 */
export async function sealText(
  plaintext: string,
  { format, keyring, fileName }: SealedKind & { readonly fileName: string },
): Promise<string> {
  const { iterations } = keyring;
  const salt = randomBytes(opensslHeaderBytes - opensslMagic.length);
  const { key, iv } = await keyring.cipherKey({ salt, iterations });
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const bytes = [opensslMagic, salt, cipher.update(plaintext, 'utf8'), cipher.final()];
  const { note: authentication, key: signingKey } = await newAuthentication(keyring);
  const document: z.infer<typeof envelope> = {
    format,
    version: 1,
    writtenAt: new Date().toISOString(),
    readWith: `jq -r .sealed ${fileName} | base64 -d | openssl enc -d -aes-256-cbc -pbkdf2 -iter ${iterations} -md sha256 -pass env:BACKUP_PASSPHRASE`,
    iterations,
    sealed: Buffer.concat(bytes).toString('base64'),
    authentication,
  };
  return signDocument(document, signingKey);
}

/**
 * Opens what {@link sealText} wrote; its HMAC is checked first.
 *
 * @param what names it to a person
 * @returns the text, and the key that it was signed with, to mark what it holds
 * @throws DrError `verification-failed` (not retried) for any altered byte, another format or another passphrase;
 *   `configuration-invalid`
 */
export async function openSealedText(
  document: string,
  { format, keyring, what }: SealedKind & { readonly what: string },
): Promise<{ readonly plaintext: string; readonly key: Buffer }> {
  const schema = envelope.extend({ format: z.literal(format) });
  const { document: read, key } = await readSignedDocument(document, { schema, keyring, what });
  const sealed = Buffer.from(read.sealed, 'base64');
  const salt = sealed.subarray(opensslMagic.length, opensslHeaderBytes);
  const cipher = await keyring.cipherKey({ salt, iterations: read.iterations });
  const decipher = createDecipheriv('aes-256-cbc', cipher.key, cipher.iv);
  const bytes = Buffer.concat([decipher.update(sealed.subarray(opensslHeaderBytes)), decipher.final()]);
  return { plaintext: bytes.toString('utf8'), key };
}
