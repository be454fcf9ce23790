import type { Readable } from 'node:stream';

/** Whole lines that arrived together. */
export interface LineBatch {
  /** Without their line ends. */
  readonly lines: readonly string[];
  /** Exactly what these lines were, line ends included. */
  readonly bytes: Buffer;
}

const lineEnd = 0x0a;

/**
 * Cuts a byte stream into lines at `\n` and nothing else: Node's `readline` also cuts at U+2028 and `\r`, which values
 * may hold. Keeps a byte order mark, which a value may begin with. Holds one chunk, or one line where that is longer.
 *
 * @param failure makes the error for a stream that ends within a line or is not UTF-8
 */
export async function* lineBatches(
  stream: Readable,
  failure: (what: string) => Error,
): AsyncGenerator<LineBatch, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let begun: Buffer[] = [];
  for await (const chunk of stream) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    const last = bytes.lastIndexOf(lineEnd);
    if (last === -1) {
      begun.push(bytes);
      continue;
    }
    const whole = bytes.subarray(0, last + 1);
    const batch = begun.length === 0 ? whole : Buffer.concat([...begun, whole]);
    begun = last + 1 === bytes.length ? [] : [bytes.subarray(last + 1)];
    let text: string;
    try {
      text = decoder.decode(batch.subarray(0, -1));
    } catch {
      throw failure('holds bytes that are not UTF-8, or a line too long to read');
    }
    yield { lines: text.split('\n'), bytes: batch };
  }
  if (begun.some((rest) => rest.length > 0)) throw failure('ends in the middle of a line');
}
