import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { DrError } from '../../activities/errors.ts';
import { decryptConfiguration, openConfiguration } from '../../activities/vault/decrypt-configuration.ts';
import { encryptConfiguration } from '../../activities/vault/encrypt-configuration.ts';
import type { Keyring } from '../../activities/vault/keyring.ts';

const noteEnding = '.hmac';

/**
 * Encrypts a file into another, with the note that authenticates it beside it. Both are for their owner alone.
 *
 * @returns the command that reads it by hand
 * @throws DrError `input-invalid` for files that cannot be read or written, `configuration-invalid`
 */
export async function encryptFile(
  { file, out }: { readonly file: string; readonly out: string },
  keyring: Keyring,
): Promise<{ readonly readWith: string }> {
  const plaintext = await read(file);
  if (plaintext === undefined || plaintext.length === 0) {
    throw unusable(`${file} ${plaintext === undefined ? 'is not there' : 'is empty'}.`);
  }
  const made = await encryptConfiguration(plaintext, { keyring, fileName: basename(out) });
  const { note } = await openConfiguration(made, keyring);
  await write(`${out}${noteEnding}`, Buffer.from(made.note), true);
  await write(out, made.encrypted, true);
  return { readWith: note.readWith };
}

/**
 * Decrypts a file into another, or to standard output (`-`).
 *
 * @returns whether it is proved to be what was encrypted, and with which flags `openssl enc` reads it
 * @throws DrError `verification-failed` for a wrong passphrase or an altered file, `input-invalid` for files that cannot be
 *   read or written, `configuration-invalid`
 */
export async function decryptFile(
  {
    file,
    out,
    replace,
    withoutNote,
  }: {
    readonly file: string;
    readonly out: string;
    readonly replace: boolean;
    readonly withoutNote: boolean;
  },
  keyring: Keyring,
): Promise<{ readonly authenticated: boolean; readonly method: string }> {
  if (out === file) throw unusable('The name does not end in .enc: say with --out where to write it.');
  const encrypted = await read(file);
  if (encrypted === undefined) throw unusable(`${file} is not there.`);
  const note = (await read(`${file}${noteEnding}`))?.toString('utf8');
  const { plaintext, ...proof } = await decryptConfiguration({ encrypted, note }, { keyring, withoutNote });
  if (out === '-') process.stdout.write(plaintext);
  else await write(out, plaintext, replace);
  return proof;
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unusable(`${path} cannot be read (${codeOf(error)}).`);
  }
}

/** Writes a file whole or not at all, for its owner alone. */
async function write(path: string, bytes: Buffer, replace: boolean): Promise<void> {
  const waiting = `${path}.${randomUUID()}`;
  try {
    const file = await open(waiting, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link fails where a file is; a rename would replace it.
    if (replace) await rename(waiting, path);
    else await link(waiting, path);
  } catch (error) {
    throw codeOf(error) === 'EEXIST'
      ? unusable(`${path} is there already; it was not touched. Write over it with --replace.`)
      : unusable(`${path} cannot be written (${codeOf(error)}).`);
  } finally {
    await rm(waiting, { force: true });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function unusable(happened: string): DrError {
  return new DrError('input-invalid', {
    happened,
    meaning: 'Nothing was encrypted or decrypted.',
    next: 'Correct the file names and try again.',
  });
}
