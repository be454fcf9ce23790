import type { CredentialDependencies } from './dependencies.ts';
import type { CredentialExchange } from './exchange.ts';
import { NeedsPerson } from './needs-person.ts';
import { objectStoreKeyOf, objectStoreKeyText } from './object-store-key.ts';

/**
 * The worker's own key to the object store. No machine here issues one: a person makes it, configures the worker with it
 * and takes the old one back; each is noticed by trying, when the same rotation is asked for again.
 */
export function exchangeObjectStoreKey({
  objectStoreKey,
  tryObjectStoreKey,
}: Pick<CredentialDependencies, 'objectStoreKey' | 'tryObjectStoreKey'>): CredentialExchange {
  const configured = objectStoreKeyText(objectStoreKey);
  return {
    variables: ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
    triedBy: 'listing the bucket with the key',
    tryOut: async ({ secret }) => (secret === '' ? 'not-tried' : tryObjectStoreKey(objectStoreKeyOf(secret))),
    former: () => Promise.resolve([{ secret: configured, issuedId: null }]),
    generate: () => ({ secret: '', issuedId: null }),

    async issue({ former }) {
      if (former.some(({ secret }) => secret === configured)) {
        throw new NeedsPerson(
          'Make a new key at the object store, set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, restart the worker, then repeat this step.',
        );
      }
      return Promise.resolve({ secret: configured, issuedId: null });
    },

    putToUse: () => Promise.resolve(),

    async revokeFormer({ former }) {
      for (const { secret } of former) {
        // A rotation that waited for a person had made nothing.
        if (secret === '') continue;
        if ((await tryObjectStoreKey(objectStoreKeyOf(secret))) !== 'refused') {
          throw new NeedsPerson('Take the old key back at the object store, then repeat this step.');
        }
      }
    },
  };
}
