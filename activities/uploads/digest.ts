import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Digest } from './ports.ts';

/** A checksum of bytes that come in pieces. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Lower-case hex; call once, at the end. */
  hex(): string;
}

/** @param algorithm `md5`, or `crc32`, which costs a quarter of it */
export function createChecksum(algorithm: 'md5' | 'crc32'): Checksum {
  if (algorithm === 'md5') {
    const hash = createHash('md5');
    return { update: (bytes) => hash.update(bytes), hex: () => hash.digest('hex') };
  }
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    hex: () => value.toString(16).padStart(8, '0'),
  };
}

/** What stands before the colon of a digest. */
export interface DigestScheme {
  readonly algorithm: 'md5' | 'crc32';
  /** Undefined for a checksum of the whole. */
  readonly partBytes: number | undefined;
}

/** Reads the scheme of a digest; undefined for one that cannot be computed from the bytes. */
export function schemeOf(digest: Digest): DigestScheme | undefined {
  const found = /^(md5|crc32)(?:-(\d+))?:/.exec(digest);
  if (found === null) return undefined;
  return {
    algorithm: found[1] === 'md5' ? 'md5' : 'crc32',
    partBytes: found[2] === undefined ? undefined : Number(found[2]),
  };
}

/** Computes checksums until one of the expected ones is found; undefined when the content has none of them. */
export async function firstThatFits(
  expected: readonly Digest[],
  compute: (scheme: DigestScheme) => Promise<Digest>,
): Promise<Digest | undefined> {
  for (const digest of expected) {
    const scheme = schemeOf(digest);
    if (scheme !== undefined && (await compute(scheme)) === digest) return digest;
  }
  return undefined;
}

/** MD5 of bytes at hand, as a digest. */
export function md5Of(body: Uint8Array): Digest {
  return `md5:${createHash('md5').update(body).digest('hex')}`;
}

/** Composes the checksums of all parts, as hex, the way S3 does. */
export function compositeDigest(
  algorithm: 'md5' | 'crc32',
  partBytes: number,
  parts: readonly string[],
): Digest {
  const sum = createChecksum(algorithm);
  sum.update(Buffer.from(parts.join(''), 'hex'));
  return `${algorithm}-${partBytes}:${sum.hex()}-${parts.length}`;
}
