import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Keyring } from '../../vault/keyring.ts';
import { openSealedText, sealText } from '../../vault/sealed-text.ts';

/** Variables with their values: secrets, which stay inside an activity. */
export type Variables = Readonly<Record<string, string>>;

const format = 'vendhub-variables';
const variablesSchema = z.record(z.string(), z.string());

/** Encrypts and authenticates variables for the object of this key. Throws as {@link sealText}. */
export function sealVariables(variables: Variables, key: string, keyring: Keyring): Promise<string> {
  const fileName = key.replace(/^.*\//, '');
  return sealText(JSON.stringify(variables), { format, keyring, fileName });
}

/**
 * Opens what {@link sealVariables} wrote. A mark tells equal values of one document from others; without the passphrase
 * it tells nothing about the value. 16 hex characters.
 *
 * @throws DrError as {@link openSealedText}
 */
export async function openVariables(
  document: string,
  key: string,
  keyring: Keyring,
): Promise<{ readonly variables: Variables; readonly mark: (name: string, value: string) => string }> {
  const what = `The object "${key}" with the variables of before the rollback`;
  const { plaintext, key: signingKey } = await openSealedText(document, { format, keyring, what });
  return {
    variables: variablesSchema.parse(JSON.parse(plaintext)),
    mark: (name, value) =>
      createHmac('sha256', signingKey).update(`${name}\0${value}`).digest('hex').slice(0, 16),
  };
}
