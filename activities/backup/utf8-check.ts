import { isUtf8 } from 'node:buffer';

/** Where the last character of the bytes begins, when it is not complete; else their length. */
function incompleteFrom(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const code = bytes[bytes.length - back] ?? 0;
    if (code < 0x80) return bytes.length;
    if (code >= 0xc0) {
      const needed = code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** Tells whether a stream is UTF-8, wherever it is cut. */
export class Utf8Check {
  #begun = Buffer.alloc(0);

  /** @returns false as soon as the bytes so far can be no UTF-8 */
  accepts(bytes: Buffer): boolean {
    const all = this.#begun.length === 0 ? bytes : Buffer.concat([this.#begun, bytes]);
    const cut = incompleteFrom(all);
    this.#begun = Buffer.from(all.subarray(cut));
    return isUtf8(all.subarray(0, cut));
  }

  /** Whether the stream may end here. */
  get complete(): boolean {
    return this.#begun.length === 0;
  }
}
