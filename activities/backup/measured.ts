import { createHash } from 'node:crypto';
import { PassThrough, pipeline, type Readable, Transform } from 'node:stream';

/** A stream that is measured while it passes. */
export interface MeasuredStream {
  readonly body: Readable;
  /** Lower-case hex SHA-256 of all that passed; call once, at the end. */
  sha256(): string;
}

/**
 * Hashes and counts what passes. When the signal is given the stream fails at once with its reason, even where the
 * source itself hangs.
 *
 * @param passed is told how many bytes passed so far
 */
export function measured(
  source: Readable,
  signal: AbortSignal,
  passed: (bytes: number) => void,
): MeasuredStream {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      passed(bytes);
      done(null, chunk);
    },
  });
  const body = new PassThrough();
  pipeline(source, meter, body, () => undefined);
  const stop = () => body.destroy(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { body, sha256: () => hash.digest('hex') };
}
