import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Keyring } from './keyring.ts';
import { opensslCommand, opensslMagic } from './openssl-format.ts';
import {
  authenticationNote,
  digestText,
  iterationCount,
  newAuthentication,
  opensslSaltText,
  signDocument,
} from './signed-document.ts';

/** What stands beside an encrypted configuration; its last line is an HMAC, see `signDocument`. */
export const configurationNote = z.object({
  format: z.literal('vendhub-configuration'),
  version: z.literal(1),
  /** RFC 3339, UTC. */
  writtenAt: z.string(),
  /** By hand: this reads it. */
  readWith: z.string(),
  file: z.object({ bytes: z.int().positive(), sha256: digestText, hmac: digestText }),
  /** HMAC of the configuration itself: tells whether it has changed without telling what it is. */
  contentMark: digestText,
  encryption: z.object({
    cipher: z.literal('aes-256-cbc'),
    kdf: z.literal('pbkdf2-hmac-sha256'),
    iterations: iterationCount,
    salt: opensslSaltText,
  }),
  authentication: authenticationNote,
});

/** An encrypted configuration with what authenticates it. */
export interface EncryptedConfiguration {
  /** As `openssl enc -aes-256-cbc -pbkdf2 -iter N -md sha256 -salt` writes it. */
  readonly encrypted: Buffer;
  /** Text of the file to keep beside it. */
  readonly note: string;
}

/**
 * Encrypts a configuration so that plain `openssl enc -d` reads it, and authenticates what was written.
 *
 * @param fileName how the encrypted file will be called, for the command in the note
 * @throws DrError `configuration-invalid`
 */
export async function encryptConfiguration(
  plaintext: Buffer,
  { keyring, fileName }: { readonly keyring: Keyring; readonly fileName: string },
): Promise<EncryptedConfiguration> {
  const { iterations } = keyring;
  const salt = randomBytes(8);
  const { key: cipherKey, iv } = await keyring.cipherKey({ salt, iterations });
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const encrypted = Buffer.concat([opensslMagic, salt, cipher.update(plaintext), cipher.final()]);
  const { note: authentication, key } = await newAuthentication(keyring);
  const document: z.infer<typeof configurationNote> = {
    format: 'vendhub-configuration',
    version: 1,
    writtenAt: new Date().toISOString(),
    readWith: opensslCommand(iterations, fileName),
    file: {
      bytes: encrypted.length,
      sha256: createHash('sha256').update(encrypted).digest('hex'),
      hmac: createHmac('sha256', key).update(encrypted).digest('hex'),
    },
    contentMark: contentMark(plaintext, key),
    encryption: {
      cipher: 'aes-256-cbc',
      kdf: 'pbkdf2-hmac-sha256',
      iterations,
      salt: salt.toString('hex'),
    },
    authentication,
  };
  return { encrypted, note: signDocument(document, key) };
}

/** Marks a configuration; equal ones have equal marks under one key. The prefix keeps marks and HMACs of files apart. */
export function contentMark(plaintext: Buffer, key: Buffer): string {
  return createHmac('sha256', key).update('configuration\0').update(plaintext).digest('hex');
}
