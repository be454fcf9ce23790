import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import type { Keyring } from './keyring.ts';

/** What `openssl enc -salt` puts in front of the salt. */
export const opensslMagic = Buffer.from('Salted__');
/** Magic and salt, in bytes. */
export const opensslHeaderBytes = 16;

/** The command that decrypts what {@link encryptLikeOpenssl} wrote, from standard input or a file. */
export function opensslCommand(iterations: number, file: string): string {
  return `openssl enc -d -aes-256-cbc -pbkdf2 -iter ${iterations} -md sha256 -pass env:BACKUP_PASSPHRASE -in ${file}`;
}

/** The command that reads a backup by hand, in the folder where its object lies. */
export function readCommand(key: string, iterations: number): string {
  return `${opensslCommand(iterations, key.replace(/^.*\//, ''))} | gunzip`;
}

/**
 * Encrypts a stream exactly as `openssl enc -aes-256-cbc -pbkdf2 -iter N -md sha256 -salt` does, with a new salt. It
 * authenticates nothing: that is for an HMAC over what comes out.
 *
 * @returns the stream, and the salt (hexadecimal) that it was encrypted with
 * @throws DrError `configuration-invalid`
 */
export async function encryptLikeOpenssl(
  keyring: Keyring,
): Promise<{ readonly stream: Transform; readonly salt: string }> {
  const salt = randomBytes(8);
  const { key, iv } = await keyring.cipherKey({ salt, iterations: keyring.iterations });
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const header = Buffer.concat([opensslMagic, salt]);
  let begun = false;
  const begin = (bytes: Buffer) => {
    if (begun) return bytes;
    begun = true;
    return Buffer.concat([header, bytes]);
  };
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      done(null, begin(cipher.update(chunk)));
    },
    flush(done) {
      done(null, begin(cipher.final()));
    },
  });
  return { stream, salt: salt.toString('hex') };
}

/**
 * Decrypts what {@link encryptLikeOpenssl} wrote, without its header of {@link opensslHeaderBytes} bytes.
 *
 * @throws DrError `configuration-invalid`
 */
export async function decryptLikeOpenssl(
  keyring: Keyring,
  { salt, iterations }: { readonly salt: string; readonly iterations: number },
): Promise<Transform> {
  const { key, iv } = await keyring.cipherKey({ salt: Buffer.from(salt, 'hex'), iterations });
  return createDecipheriv('aes-256-cbc', key, iv);
}
