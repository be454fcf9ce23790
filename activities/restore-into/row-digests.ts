import { Readable } from 'node:stream';
import { z } from 'zod';
import { exportDamaged } from '../backup/export-parser.ts';
import { type RowDigest, RowSum } from './row-sum.ts';

const tableLine = z.object({ schema: z.string(), name: z.string() });
const [lineEnd, comma, closingBracket] = [0x0a, 0x2c, 0x5d] as const;

/**
 * Digests the rows of an export while it passes unchanged. Only the layout is read; whether the export is whole is for
 * others to check.
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
  #table: { readonly name: string; readonly sum: RowSum } | undefined;

  constructor(digests: Map<string, RowDigest>) {
    this.#digests = digests;
  }

  read(line: Buffer): void {
    if (this.#ended) return;
    if (this.#header) this.#header = false;
    else if (this.#table === undefined) {
      if (line[0] === closingBracket) this.#ended = true;
      else this.#table = { name: tableName(line), sum: new RowSum() };
    } else if (line[0] === closingBracket) {
      this.#digests.set(this.#table.name, this.#table.sum.digest());
      this.#table = undefined;
    } else this.#table.sum.add(line.at(-1) === comma ? line.subarray(0, -1) : line);
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
