import { createHash } from 'node:crypto';
import type { FingerprintParts } from '../../workflows/contracts/fingerprint.ts';
import { canonicalJson } from '../canonical-json.ts';

/** The hash of each part; the order of keys does not matter, that of lists does. */
export function hashParts(parts: Readonly<Record<string, unknown>>): FingerprintParts {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      createHash('sha256')
        .update(canonicalJson(part ?? null))
        .digest('hex'),
    ]),
  );
}
