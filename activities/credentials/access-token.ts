import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { z } from 'zod';
import type { PrivateSigningKey } from '../ports.ts';

/** Long enough for one request, in seconds. */
const lifetimeSeconds = 60;
const jwk = z.object({ x: z.string(), y: z.string(), d: z.string() });

/** Makes a private key of the curve P-256, under an id of its own. */
export function newSigningKey(): PrivateSigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid: randomUUID(), ...jwk.parse(privateKey.export({ format: 'jwk' })) };
}

/**
 * A token of a minute for an ordinary user's role, signed with ES256 (RFC 7518), to try a key with.
 *
 * @param keyId how the platform calls the key
 */
export function signToken({ x, y, d }: PrivateSigningKey, keyId: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { role: 'authenticated', aud: 'authenticated', iat: now, exp: now + lifetimeSeconds };
  const signed = `${part({ alg: 'ES256', typ: 'JWT', kid: keyId })}.${part(claims)}`;
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
