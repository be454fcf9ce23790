import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'dotenv';
import { DrError } from '../errors.ts';
import type { ErasableObjectStore } from '../ports.ts';
import type { VaultReading } from './dependencies.ts';
import { contentMark, type EncryptedConfiguration, encryptConfiguration } from './encrypt-configuration.ts';
import type { Keyring } from './keyring.ts';
import { describeFailure, type LocationFailure, type VaultWork } from './location.ts';
import {
  configurationFolder,
  newestStoredConfiguration,
  noteEnding,
  openStoredConfiguration,
} from './stored-configuration.ts';

/** Where the configuration lies, and how to know what must not be stored again. */
export interface ConfigurationSource {
  readonly configurationPath: string;
  /** Names of the variables that hold a secret that was exchanged; throws what reading the sealed credentials throws. */
  readonly exchangedIn: (variables: Readonly<Record<string, string>>) => Promise<readonly string[]>;
}

/** What became of the configuration at one location. */
export type ConfigurationOutcome =
  | { readonly location: string; readonly how: 'stored' | 'unchanged'; readonly key: string }
  | { readonly location: string; readonly how: 'failed'; readonly failure: LocationFailure };

/**
 * Stores the encrypted configuration at every location that does not hold it yet as it is now and as of today (UTC), under
 * `configuration/env.production-2025-11-29T030000Z.enc` with its note. Read back and checked.
 *
 * @param deps.configurationPath the file to store
 * @param input.at RFC 3339: the moment that names it
 * @throws DrError `configuration-invalid` when the file cannot be read, is empty, or holds a secret that was exchanged:
 *   nothing is stored then; what the first location threw when all
 *   failed
 */
export async function storeConfiguration(
  deps: VaultReading & ConfigurationSource,
  input: { readonly at: string },
  work: VaultWork,
): Promise<readonly ConfigurationOutcome[]> {
  const plaintext = await readConfiguration(deps.configurationPath);
  await refuseExchanged(deps, plaintext);
  const stamp = `${new Date(input.at).toISOString().slice(0, 19).replaceAll(':', '')}Z`;
  const fileName = `${basename(deps.configurationPath).replace(/^\.+/, '')}-${stamp}.enc`;
  const key = `${configurationFolder}${fileName}`;
  let made: EncryptedConfiguration | undefined;
  const errors: unknown[] = [];
  const outcomes: ConfigurationOutcome[] = [];
  for (const { name, store } of deps.locations) {
    work.signal.throwIfAborted();
    work.progress(`configuration at ${name}`, plaintext.length);
    try {
      const held = await heldToday(store, { plaintext, at: input.at, keyring: deps.keyring });
      if (held === undefined) {
        made ??= await encryptConfiguration(plaintext, { keyring: deps.keyring, fileName });
        await put(store, key, made, deps.keyring);
      }
      outcomes.push({ location: name, how: held === undefined ? 'stored' : 'unchanged', key: held ?? key });
    } catch (error) {
      errors.push(error);
      outcomes.push({ location: name, how: 'failed', failure: describeFailure(error) });
    }
  }
  if (errors.length === outcomes.length) throw errors[0];
  return outcomes;
}

/** The key of the newest stored one, when it is whole, of the same day and the same configuration. */
async function heldToday(
  store: ErasableObjectStore,
  { plaintext, at, keyring }: { readonly plaintext: Buffer; readonly at: string; readonly keyring: Keyring },
): Promise<string | undefined> {
  const day = new Date(at).toISOString().slice(0, 10);
  const newest = await newestStoredConfiguration(store);
  if (newest?.includes(`-${day}T`) !== true) return undefined;
  try {
    const { note, key } = await openStoredConfiguration(store, newest, keyring);
    return note.contentMark === contentMark(plaintext, key) ? newest : undefined;
  } catch (error) {
    // A damaged one, or one of another passphrase, is no reason not to store a good one.
    if (error instanceof DrError && error.type === 'verification-failed') return undefined;
    throw error;
  }
}

async function put(
  store: ErasableObjectStore,
  key: string,
  made: EncryptedConfiguration,
  keyring: Keyring,
): Promise<void> {
  await store.remove(`${key}${noteEnding}`);
  await store.put(key, Readable.from([made.encrypted]), { contentType: 'application/octet-stream' });
  await store.putText(`${key}${noteEnding}`, made.note, 'application/json');
  await openStoredConfiguration(store, key, keyring);
}

/** Whoever rebuilds production from it would bring a stolen secret back. A store that does not answer refuses nothing. */
async function refuseExchanged({ exchangedIn }: ConfigurationSource, plaintext: Buffer): Promise<void> {
  const names = await exchangedIn(parse(plaintext)).catch((error: unknown) => {
    if (error instanceof DrError && error.type === 'store-unavailable') return [];
    throw error;
  });
  if (names.length === 0) return;
  throw new DrError('configuration-invalid', {
    happened: `The configuration holds secrets that were exchanged: ${names.join(', ')}.`,
    meaning: 'It was not stored, so that a recovery brings no old secret back; what was stored before stays.',
    next: 'Put the secrets of now into the file, then back it up again. Each lies sealed in the object store below credentials/, beside the command that reads it.',
  });
}

async function readConfiguration(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes !== undefined && bytes.length > 0) return bytes;
  throw new DrError('configuration-invalid', {
    happened: `The configuration ${path} ${bytes === undefined ? 'cannot be read' : 'is empty'}.`,
    meaning: 'It was not stored; what was stored before stays.',
    next: 'Put the file there, or correct the path in the worker’s configuration.',
  });
}
