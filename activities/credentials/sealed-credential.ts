import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { ObjectStore } from '../ports.ts';
import type { Keyring } from '../vault/keyring.ts';
import { opensslHeaderBytes, opensslMagic } from '../vault/openssl-format.ts';
import {
  authenticationNote,
  iterationCount,
  newAuthentication,
  readSignedDocument,
  signDocument,
} from '../vault/signed-document.ts';

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

const envelope = z.object({
  format: z.literal('vendhub-credential'),
  version: z.literal(1),
  /** RFC 3339, UTC. */
  writtenAt: z.string(),
  /** By hand: this reads it. */
  readWith: z.string(),
  iterations: iterationCount,
  sealed: z.base64(),
  authentication: authenticationNote,
});

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
    const what = `The sealed credential "${key}"`;
    const { document } = await readSignedDocument(text, { schema: envelope, keyring, what });
    const sealed = Buffer.from(document.sealed, 'base64');
    const salt = sealed.subarray(opensslMagic.length, opensslHeaderBytes);
    const cipher = await keyring.cipherKey({ salt, iterations: document.iterations });
    const decipher = createDecipheriv('aes-256-cbc', cipher.key, cipher.iv);
    const bytes = Buffer.concat([decipher.update(sealed.subarray(opensslHeaderBytes)), decipher.final()]);
    return credentialRecord.parse(JSON.parse(bytes.toString('utf8')));
  };

  const seal = async (record: CredentialRecord) => {
    const { iterations } = keyring;
    const salt = randomBytes(opensslHeaderBytes - opensslMagic.length);
    const { key, iv } = await keyring.cipherKey({ salt, iterations });
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const bytes = [opensslMagic, salt, cipher.update(JSON.stringify(record)), cipher.final()];
    const { note: authentication, key: signingKey } = await newAuthentication(keyring);
    const document: z.infer<typeof envelope> = {
      format: 'vendhub-credential',
      version: 1,
      writtenAt: new Date().toISOString(),
      readWith: `jq -r .sealed ${record.id}.json | base64 -d | openssl enc -d -aes-256-cbc -pbkdf2 -iter ${iterations} -md sha256 -pass env:BACKUP_PASSPHRASE`,
      iterations,
      sealed: Buffer.concat(bytes).toString('base64'),
      authentication,
    };
    return signDocument(document, signingKey);
  };

  return {
    keyOf,
    read,
    async write(record) {
      const key = keyOf(record.id);
      const text = await seal(record);
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
