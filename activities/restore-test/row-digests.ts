import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { exportDamaged } from '../backup/export-parser.ts';

/** The rows of one table, whatever their order. */
export interface RowDigest {
  readonly rows: number;
  /** Hexadecimal sum of the rows' SHA-256, taken in eight words of 32 bits. */
  readonly digest: string;
}

/** By `schema.table`. */
export type RowDigests = ReadonlyMap<string, RowDigest>;

const tableLine = z.object({ schema: z.string(), name: z.string() });
const words = 8;
const [lineEnd, comma, closingBracket] = [0x0a, 0x2c, 0x5d] as const;

/**
 * Digests the rows of an export while it passes unchanged. A restored table may hold its rows in another order, because
 * the server puts a short row where an earlier page has room; hence a sum, which unlike XOR also tells how often a row
 * is there. Only the layout is read; whether the export is whole is for others to check.
 *
 * @param digests is filled table by table
 * @returns the same bytes; fails with `verification-failed` where they are not laid out as an export
 */
export function digestingRows(source: Readable, digests: Map<string, RowDigest>): Readable {
  const reader = new RowReader(digests);
  async function* passing(): AsyncGenerator<Buffer, void, undefined> {
    let begun: Buffer[] = [];
    for await (const chunk of source) {
      const bytes = Buffer.from(chunk);
      let from = 0;
      for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, from)) {
        const line = bytes.subarray(from, end);
        reader.read(begun.length === 0 ? line : Buffer.concat([...begun, line]));
        begun = [];
        from = end + 1;
      }
      if (from < bytes.length) begun.push(bytes.subarray(from));
      yield bytes;
    }
  }
  return Readable.from(passing(), { objectMode: false });
}

/** Follows an export line by line. */
class RowReader {
  readonly #digests: Map<string, RowDigest>;
  #header = true;
  #ended = false;
  #table: TableSum | undefined;

  constructor(digests: Map<string, RowDigest>) {
    this.#digests = digests;
  }

  read(line: Buffer): void {
    if (this.#ended) return;
    if (this.#header) this.#header = false;
    else if (this.#table === undefined) {
      if (line[0] === closingBracket) this.#ended = true;
      else this.#table = new TableSum(tableName(line));
    } else if (line[0] === closingBracket) {
      this.#digests.set(this.#table.name, this.#table.digest());
      this.#table = undefined;
    } else this.#table.add(line.at(-1) === comma ? line.subarray(0, -1) : line);
  }
}

class TableSum {
  readonly name: string;
  readonly #sum = new Uint32Array(words);
  #rows = 0;

  constructor(name: string) {
    this.name = name;
  }

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

function tableName(line: Buffer): string {
  try {
    const { schema, name } = tableLine.parse(JSON.parse(`${line.toString('utf8')}]}`));
    return `${schema}.${name}`;
  } catch {
    throw exportDamaged('has something else where a table should begin');
  }
}
