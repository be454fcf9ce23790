import { buffer } from 'node:stream/consumers';
import { newestKeys } from '../newest-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { type AuthenticConfiguration, openConfiguration } from './decrypt-configuration.ts';
import type { Keyring } from './keyring.ts';
import { untrustworthy } from './untrustworthy.ts';

/** Where the encrypted configurations lie at every location. */
export const configurationFolder = 'configuration/';
/** What the key of a configuration's note has more than the configuration's own. */
export const noteEnding = '.hmac';

/** The key of the newest configuration that has its note; undefined when there is none. Throws what the store throws. */
export async function newestStoredConfiguration(store: ObjectStore): Promise<string | undefined> {
  const [newest] = await newestKeys(store, configurationFolder, `.enc${noteEnding}`);
  return newest?.slice(0, -noteEnding.length);
}

/**
 * Fetches and decrypts a stored configuration, authenticated.
 *
 * @throws DrError `verification-failed` for an altered one, another passphrase, or a missing note; what the store throws
 */
export async function openStoredConfiguration(
  store: ObjectStore,
  key: string,
  keyring: Keyring,
): Promise<AuthenticConfiguration> {
  const note = await store.getText(`${key}${noteEnding}`);
  if (note === undefined) throw untrustworthy(`The configuration "${key}"`, 'has no note');
  return openConfiguration({ encrypted: await buffer(await store.get(key)), note }, keyring);
}
