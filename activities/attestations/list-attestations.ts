import type { Attestation } from '../../workflows/contracts/attestations.ts';
import { requireEnvironment } from '../alerting/keys.ts';
import { parseStored } from '../alerting/schemas.ts';
import type { ObjectStore } from '../ports.ts';
import { attestationSchema } from './schema.ts';

/**
 * Reads the newest attestation of each item. One that cannot be read, or lies under another item's name, is passed over
 * for an older one.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function listAttestations(
  store: ObjectStore,
  { environment }: { readonly environment: string },
): Promise<readonly Attestation[]> {
  requireEnvironment(environment);
  const folder = `attestations/${environment}/`;
  const keysOf = new Map<string, string[]>();
  for (const { key } of await store.list(folder)) {
    const [item, file] = key.slice(folder.length).split('/');
    if (item !== undefined && file !== undefined) keysOf.set(item, [...(keysOf.get(item) ?? []), key]);
  }
  const newest = await Promise.all(
    [...keysOf].map(([item, keys]) => newestOf(store, { environment, item }, keys.sort().reverse())),
  );
  return newest.filter((attestation) => attestation !== undefined);
}

async function newestOf(
  store: ObjectStore,
  { environment, item }: Pick<Attestation, 'environment' | 'item'>,
  newestFirst: readonly string[],
): Promise<Attestation | undefined> {
  for (const key of newestFirst) {
    const attestation = parseStored(attestationSchema, await store.getText(key));
    if (attestation?.item === item && attestation.environment === environment) return attestation;
  }
  return undefined;
}
