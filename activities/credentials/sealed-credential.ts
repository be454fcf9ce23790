import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { ObjectStore } from '../ports.ts';
import type { Keyring } from '../vault/keyring.ts';
import { openSealedText, sealText } from '../vault/sealed-text.ts';

/** A secret that was accepted before a rotation. `issuedId` is how its issuer calls it, null where it has no name. */
const formerSecret = z.object({ secret: z.string(), issuedId: z.string().nullable() });

/** What is kept of one credential: the secret that counts, or is about to, and those before it. */
const credentialRecord = z.object({
  id: z.string(),
  kind: z.enum(['database-password', 'api-key', 'jwt-signing-key', 'application-variable', 's3-key']),
  /** Names the rotation that made it; the same name never makes another one. */
  rotation: z.string(),
  stage: z.enum(['sealed', 'issued', 'in-use', 'old-revoked']),
  secret: z.string(),
  issuedId: z.string().nullable(),
  /** RFC 3339, UTC. */
  beganAt: z.string(),
  former: z.array(formerSecret),
});

/** See {@link CredentialStore}. Every secret in it stays inside the process. */
export type CredentialRecord = z.infer<typeof credentialRecord>;

/** See {@link CredentialRecord}. */
export type FormerSecret = z.infer<typeof formerSecret>;

const format = 'vendhub-credential';

/** Where exchanged secrets are kept, encrypted and authenticated with the passphrase of the backups. */
export interface CredentialStore {
  /** Key of the object that holds a credential. */
  keyOf(id: string): string;
  /** Undefined for one that was never rotated. Throws `verification-failed`, `store-unavailable` or `store-refused`. */
  read(id: string): Promise<CredentialRecord | undefined>;
  /**
   * Replaces what is kept, and reads it back before it returns. Throws as `read`, and `attempt-lost` (retried) where
   * somebody else wrote meanwhile: their secret counts, and this one was not used yet.
   */
  write(record: CredentialRecord): Promise<void>;
}

/**
 * Keeps each credential as one object, so that a crash leaves the old or the new record and nothing between. The
 * database that a recovery rewinds is no place for them.
 */
export function createCredentialStore(parts: {
  readonly store: ObjectStore;
  readonly keyring: Keyring;
  readonly environment: string;
}): CredentialStore {
  const { store, keyring, environment } = parts;
  const keyOf = (id: string) => `credentials/${environment}/${id}.json`;

  const read = async (id: string) => {
    const key = keyOf(id);
    const text = await store.getText(key);
    if (text === undefined) return undefined;
    const { plaintext } = await openSealedText(text, {
      format,
      keyring,
      what: `The sealed credential "${key}"`,
    });
    return credentialRecord.parse(JSON.parse(plaintext));
  };

  return {
    keyOf,
    read,
    async write(record) {
      const key = keyOf(record.id);
      const text = await sealText(JSON.stringify(record), {
        format,
        keyring,
        fileName: `${record.id}.json`,
      });
      await store.putText(key, text, 'application/json');
      if ((await store.getText(key)) !== text) throw writtenByAnother(record.id);
    },
  };
}

function writtenByAnother(id: string): DrError {
  return new DrError('attempt-lost', {
    happened: `The sealed credential ${id} was replaced by somebody else in the same moment.`,
    meaning: 'Another attempt of this rotation goes on; what was written here is not used.',
    next: 'Nothing by hand: the step is tried again and goes on with what is kept.',
  });
}
