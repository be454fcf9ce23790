import { hash } from 'node:crypto';

/** The rows of one table, whatever their order. */
export interface RowDigest {
  readonly rows: number;
  /** Hexadecimal sum of the rows' SHA-256, taken in eight words of 32 bits. */
  readonly digest: string;
}

/** By `schema.table`. */
export type RowDigests = ReadonlyMap<string, RowDigest>;

const words = 8;

/**
 * Adds up the rows of a table. A restored table may hold its rows in another order, because the server puts a short row
 * where an earlier page has room; hence a sum, which unlike XOR also tells how often a row is there.
 */
export class RowSum {
  readonly #sum = new Uint32Array(words);
  #rows = 0;

  add(row: Buffer): void {
    const bytes = hash('sha256', row, 'buffer');
    for (let word = 0; word < words; word += 1) {
      this.#sum[word] = (this.#sum[word] ?? 0) + bytes.readUInt32LE(word * 4);
    }
    this.#rows += 1;
  }

  digest(): RowDigest {
    return { rows: this.#rows, digest: Buffer.from(this.#sum.buffer).toString('hex') };
  }
}
