import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DrError } from '../../errors.ts';

/** Variables with their values: secrets, which stay inside an activity. */
export type Variables = Readonly<Record<string, string>>;

const cipherName = 'aes-256-gcm';
const sealed = z.object({
  format: z.literal('vendhub-sealed-variables'),
  version: z.literal(1),
  iv: z.base64(),
  tag: z.base64(),
  data: z.base64(),
});
const variablesSchema = z.record(z.string(), z.string());

/** Encrypts and authenticates variables with a key made from a secret (HKDF-SHA-256, AES-256-GCM); a JSON text. */
export function sealVariables(variables: Variables, secret: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv(cipherName, keyFrom(secret, 'seal'), iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(variables), 'utf8'), cipher.final()]);
  const document: z.infer<typeof sealed> = {
    format: 'vendhub-sealed-variables',
    version: 1,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return JSON.stringify(document);
}

/**
 * Opens what {@link sealVariables} wrote.
 *
 * @throws DrError `store-refused` (not retried) when it is not what was written, or the secret is another one
 */
export function unsealVariables(text: string, secret: string): Variables {
  try {
    const { iv, tag, data } = sealed.parse(JSON.parse(text));
    const decipher = createDecipheriv(cipherName, keyFrom(secret, 'seal'), Buffer.from(iv, 'base64'));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    const opened = Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
    return variablesSchema.parse(JSON.parse(opened.toString('utf8')));
  } catch {
    // The cause is left out: a parser's message may quote what was opened.
    throw new DrError('store-refused', {
      happened: 'The variables that were kept before the rollback cannot be opened.',
      meaning: 'They were changed in the store, or the token of the platform is another one now.',
      next: 'Set the variables in the platform’s dashboard as they should be, then skip this step.',
    });
  }
}

/** Tells equal values from others; without the secret it tells nothing about the value. 16 hex characters. */
export function markVariable(name: string, value: string, secret: string): string {
  return createHmac('sha256', keyFrom(secret, 'mark')).update(`${name}\0${value}`).digest('hex').slice(0, 16);
}

function keyFrom(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'vendhub-dr variables', purpose, 32));
}
