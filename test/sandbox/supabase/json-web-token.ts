import { createHmac, createPublicKey, type JsonWebKey, timingSafeEqual, verify } from 'node:crypto';
import { z } from 'zod';

const headerShape = z.object({ alg: z.string(), kid: z.string().optional() });
const claimsShape = z.looseObject({ role: z.string().optional(), exp: z.number().optional() });

/** A token taken apart, not yet believed. */
interface ParsedToken {
  readonly kid: string | undefined;
  readonly algorithm: string;
  readonly claims: z.infer<typeof claimsShape>;
  readonly signed: string;
  readonly signature: Buffer;
}

const json = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** Takes a compact token apart (RFC 7519); undefined for what is none. */
export function parseToken(token: string): ParsedToken | undefined {
  const [header = '', claims = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '') return undefined;
  try {
    const { alg, kid } = headerShape.parse(json(header));
    return {
      kid,
      algorithm: alg,
      claims: claimsShape.parse(json(claims)),
      signed: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    return undefined;
  }
}

/** Signs claims with HS256, as the project's legacy secret does. */
export function signHs256(claims: object, secret: Buffer): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Whether the token was signed by the key that this private or symmetric JWK describes. */
export function isSignedBy(token: ParsedToken, algorithm: string, jwk: JsonWebKey): boolean {
  if (token.algorithm !== algorithm) return false;
  if (algorithm === 'HS256') {
    const expected = createHmac('sha256', Buffer.from(jwk.k ?? '', 'base64url'))
      .update(token.signed)
      .digest();
    return token.signature.length === expected.length && timingSafeEqual(token.signature, expected);
  }
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(token.signed), options, token.signature);
}
