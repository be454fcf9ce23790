import { createHash, createHmac } from 'node:crypto';
import { Transform } from 'node:stream';

/** What identifies a stored object. */
export interface Seal {
  readonly bytes: number;
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: string;
  /** Lower-case hexadecimal HMAC-SHA-256. */
  readonly hmac: string;
}

/** A stream that is sealed while it passes. */
export interface SealMeter {
  readonly stream: Transform;
  /** Of all that passed; call once, at the end. */
  seal(): Seal;
}

/**
 * Hashes, authenticates and counts what passes.
 *
 * @param key for the HMAC
 * @param progress is told how many bytes passed so far
 */
export function createSealMeter(key: Buffer, progress: (bytes: number) => void): SealMeter {
  const hash = createHash('sha256');
  const hmac = createHmac('sha256', key);
  let bytes = 0;
  return {
    stream: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        hmac.update(chunk);
        bytes += chunk.length;
        progress(bytes);
        done(null, chunk);
      },
    }),
    seal: () => ({ bytes, sha256: hash.digest('hex'), hmac: hmac.digest('hex') }),
  };
}
