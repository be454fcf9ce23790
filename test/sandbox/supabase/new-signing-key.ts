import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { PrivateSigningKey } from '../../../activities/ports.ts';

/** A fresh private key for tokens, as a rotation makes one. */
export function newSigningKey(): PrivateSigningKey {
  const {
    x = '',
    y = '',
    d = '',
  } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  });
  return { kid: randomUUID(), x, y, d };
}
