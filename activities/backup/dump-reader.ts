import { createHash, type Hash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { type DumpedName, dumpTrailer, endsRows, readCopyLine, readHeading } from './dump-lines.ts';

/** A table with the hash over its rows as they stand in the dump. */
interface DumpedTable extends DumpedName {
  readonly rows: number;
  /** Lower-case hexadecimal SHA-256 over the row lines, line ends included. */
  readonly fingerprint: string;
}

interface OpenTable extends DumpedName {
  readonly hash: Hash;
  rows: number;
}

/** Told of each row: its table as `schema.name`, and its line without the line end. */
type RowListener = (table: string, row: Buffer) => void;

const lineEnd = 0x0a;
const lineEndBytes = Buffer.from('\n');

/** Fingerprints the tables of a SQL dump while it passes unchanged, and looks whether it was written to its end. */
export class DumpReader extends Transform {
  readonly tables: DumpedTable[] = [];
  bytes = 0;
  /** Whether the comment that ends a dump has passed. */
  complete = false;
  readonly #onRow: RowListener | undefined;
  #begun: Buffer[] = [];
  #rowsFollow = false;
  #open: OpenTable | undefined;

  constructor(onRow?: RowListener) {
    super();
    this.#onRow = onRow;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    let from = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, from)) {
      const line = chunk.subarray(from, end);
      this.#read(this.#begun.length === 0 ? line : Buffer.concat([...this.#begun, line]));
      this.#begun = [];
      from = end + 1;
    }
    if (from < chunk.length) this.#begun.push(chunk.subarray(from));
    done(null, chunk);
  }

  #read(line: Buffer): void {
    if (this.#open === undefined) this.#readStatement(line.toString('utf8'));
    else if (endsRows(line)) this.#close(this.#open);
    else this.#addRow(this.#open, line);
  }

  #readStatement(line: string): void {
    if (line === dumpTrailer) this.complete = true;
    const type = readHeading(line)?.type;
    if (type !== undefined) this.#rowsFollow = type === 'TABLE DATA';
    const table = this.#rowsFollow ? readCopyLine(line) : undefined;
    if (table !== undefined) this.#open = { ...table, hash: createHash('sha256'), rows: 0 };
  }

  #addRow(table: OpenTable, line: Buffer): void {
    table.hash.update(line).update(lineEndBytes);
    table.rows += 1;
    this.#onRow?.(`${table.schema}.${table.name}`, line);
  }

  #close({ schema, name, rows, hash }: OpenTable): void {
    this.tables.push({ schema, name, rows, fingerprint: hash.digest('hex') });
    this.#open = undefined;
  }
}
