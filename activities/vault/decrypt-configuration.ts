import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { DrError } from '../errors.ts';
import { configurationNote } from './encrypt-configuration.ts';
import { looksLikeEnvironmentFile } from './environment-file.ts';
import type { CipherKey, Keyring } from './keyring.ts';
import { opensslHeaderBytes, opensslMagic } from './openssl-format.ts';
import { readSignedDocument } from './signed-document.ts';
import { untrustworthy } from './untrustworthy.ts';

/** What `openssl enc -pbkdf2` uses when no `-iter` is given, see openssl-enc(1). */
const opensslDefaultIterations = 10_000;

/** A configuration that was read. */
export interface DecryptedConfiguration {
  readonly plaintext: Buffer;
  /** Whether it is proved to be what was encrypted. */
  readonly authenticated: boolean;
  /** How the key came from the passphrase, as flags of `openssl enc`. */
  readonly method: string;
}

/** A configuration whose note is authentic. */
export interface AuthenticConfiguration {
  readonly plaintext: Buffer;
  readonly note: z.infer<typeof configurationNote>;
  /** The key that its content mark was made with. */
  readonly key: Buffer;
}

/**
 * Reads what `encryptConfiguration` wrote. Nothing is decrypted before note and file are found authentic.
 *
 * @throws DrError `verification-failed` for any altered byte or another passphrase; `configuration-invalid`
 */
export async function openConfiguration(
  { encrypted, note }: { readonly encrypted: Buffer; readonly note: string },
  keyring: Keyring,
): Promise<AuthenticConfiguration> {
  const { document, key } = await readSignedDocument(note, {
    schema: configurationNote,
    keyring,
    what: 'The note beside the encrypted configuration',
  });
  const found = createHmac('sha256', key).update(encrypted).digest();
  if (!timingSafeEqual(found, Buffer.from(document.file.hmac, 'hex'))) {
    throw untrustworthy(
      'The encrypted configuration',
      'is not what was written: it was altered or truncated',
    );
  }
  const { salt, iterations } = document.encryption;
  const cipherKey = await keyring.cipherKey({ salt: Buffer.from(salt, 'hex'), iterations });
  return { plaintext: decrypt(encrypted, cipherKey), note: document, key };
}

/**
 * Reads an encrypted configuration: one of ours by its note, or one that plain `openssl enc` made (without `-pbkdf2` as the
 * procedure writes it, of today's and of old versions, or with it), which is held to be right when it reads like
 * environment variables, and is named unauthenticated.
 *
 * @param file.note undefined when there is no note beside the file
 * @param options.withoutNote reads one of ours although its note is gone; otherwise whoever can take the note away could
 *   alter the file unnoticed
 * @throws DrError `verification-failed` for a wrong passphrase or an altered file; `configuration-invalid`
 */
export async function decryptConfiguration(
  file: { readonly encrypted: Buffer; readonly note: string | undefined },
  { keyring, withoutNote = false }: { readonly keyring: Keyring; readonly withoutNote?: boolean },
): Promise<DecryptedConfiguration> {
  const { encrypted, note } = file;
  if (note !== undefined) {
    const opened = await openConfiguration({ encrypted, note }, keyring);
    const { iterations } = opened.note.encryption;
    return { plaintext: opened.plaintext, authenticated: true, method: pbkdf2Flags(iterations) };
  }
  if (encrypted.length <= opensslHeaderBytes || !encrypted.subarray(0, 8).equals(opensslMagic)) {
    throw untrustworthy('The file', 'was not written by openssl enc with a salt');
  }
  for (const { method, key, ours } of methods(keyring, encrypted.subarray(8, opensslHeaderBytes))) {
    const plaintext = tryDecrypt(encrypted, await key());
    if (plaintext === undefined || !looksLikeEnvironmentFile(plaintext)) continue;
    if (ours && !withoutNote) throw noteMissing();
    return { plaintext, authenticated: false, method };
  }
  throw untrustworthy(
    'The encrypted configuration',
    'does not read like environment variables: the passphrase is another one, or the file was altered',
  );
}

interface Method {
  readonly method: string;
  readonly ours: boolean;
  readonly key: () => Promise<CipherKey>;
}

function methods(keyring: Keyring, salt: Buffer): readonly Method[] {
  const pbkdf2 = (iterations: number, ours: boolean): Method => ({
    method: pbkdf2Flags(iterations),
    ours,
    key: () => keyring.cipherKey({ salt, iterations }),
  });
  const legacy = (digest: 'sha256' | 'md5'): Method => ({
    method: `-md ${digest}`,
    ours: false,
    key: () => keyring.legacyCipherKey(salt, digest),
  });
  return [
    legacy('sha256'),
    legacy('md5'),
    pbkdf2(keyring.iterations, true),
    pbkdf2(opensslDefaultIterations, false),
  ];
}

function pbkdf2Flags(iterations: number): string {
  return `-pbkdf2 -iter ${iterations} -md sha256`;
}

function decrypt(encrypted: Buffer, { key, iv }: CipherKey): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([decipher.update(encrypted.subarray(opensslHeaderBytes)), decipher.final()]);
}

function tryDecrypt(encrypted: Buffer, key: CipherKey): Buffer | undefined {
  try {
    return decrypt(encrypted, key);
  } catch {
    return undefined;
  }
}

function noteMissing(): DrError {
  return new DrError('verification-failed', {
    happened:
      'The encrypted configuration was written by this program, and the .hmac file beside it is missing.',
    meaning: 'Whether it was altered cannot be told, so nothing was written.',
    next: 'Put the .hmac file beside it, or accept it unauthenticated with --without-note.',
  });
}
