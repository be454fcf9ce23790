import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Keyring } from './keyring.ts';
import { untrustworthy } from './untrustworthy.ts';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

/** Lower-case hexadecimal SHA-256 or HMAC-SHA-256. */
export const digestText = hex(32);
/** Rounds that a reader is ready to do; more would let an altered file keep it busy. */
export const iterationCount = z.int().min(1).max(10_000_000);
/** The salt in front of what `openssl enc` writes. */
export const opensslSaltText = hex(8);

/** How the authentication key came from the passphrase, as a document tells it. */
export const authenticationNote = z.object({
  mac: z.literal('hmac-sha256'),
  kdf: z.literal('pbkdf2-hmac-sha256'),
  iterations: iterationCount,
  salt: hex(16),
});

const authenticated = z.object({ authentication: authenticationNote });
const lastLine = /,\n {2}"hmac": "([0-9a-f]{64})"\n\}\n$/;

/** The authentication note of what this process writes, and its key. */
export async function newAuthentication(keyring: Keyring): Promise<{
  readonly note: z.infer<typeof authenticationNote>;
  readonly key: Buffer;
}> {
  const { iterations, authenticationSalt: salt } = keyring;
  return {
    note: { mac: 'hmac-sha256', kdf: 'pbkdf2-hmac-sha256', iterations, salt: salt.toString('hex') },
    key: await keyring.authenticationKey({ salt, iterations }),
  };
}

/**
 * Writes a JSON document whose last line is the HMAC over every byte before the comma that precedes it.
 *
 * @param body holds the note of the key as `authentication`
 */
export function signDocument(
  body: { readonly authentication: z.infer<typeof authenticationNote> },
  key: Buffer,
): string {
  const covered = JSON.stringify(body, null, 2).slice(0, -2);
  return `${covered},\n  "hmac": "${createHmac('sha256', key).update(covered).digest('hex')}"\n}\n`;
}

/**
 * Reads a document of {@link signDocument}. Its HMAC is checked before anything else in it is believed.
 *
 * @param what how to name it to a person
 * @returns the document, and the key that it was signed with
 * @throws DrError `verification-failed` for any altered byte and for another passphrase, or `configuration-invalid`
 */
export async function readSignedDocument<T extends z.ZodType>(
  text: string,
  { schema, keyring, what }: { readonly schema: T; readonly keyring: Keyring; readonly what: string },
): Promise<{ readonly document: z.infer<T>; readonly key: Buffer }> {
  const end = lastLine.exec(text);
  const parsed = parseJson(text);
  const note = authenticated.safeParse(parsed).data?.authentication;
  if (end === null || note === undefined) throw untrustworthy(what, 'is truncated or altered');
  const key = await keyring.authenticationKey({
    salt: Buffer.from(note.salt, 'hex'),
    iterations: note.iterations,
  });
  const found = createHmac('sha256', key).update(text.slice(0, end.index)).digest();
  if (!timingSafeEqual(found, Buffer.from(end[1] ?? '', 'hex'))) {
    throw untrustworthy(what, 'was altered, or written with another passphrase');
  }
  const document = schema.safeParse(parsed);
  if (!document.success) throw untrustworthy(what, 'was written by a version that this one does not know');
  return { document: document.data, key };
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
