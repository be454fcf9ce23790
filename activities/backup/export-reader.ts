import { createHash } from 'node:crypto';
import { RowDecoder } from './decode-rows.ts';
import {
  exportDamaged,
  readChecksumLine,
  readHeaderLine,
  readRowCountsLine,
  readTableEndLine,
  readTableLine,
} from './export-parser.ts';
import type { ExportHeader, ExportRowCount, ExportTable } from './format.ts';

/** What comes next in an export. */
export type ExportEvent =
  | { readonly kind: 'header'; readonly header: ExportHeader }
  | { readonly kind: 'table'; readonly table: ExportTable }
  /** COPY text; valid until the next event is asked for. */
  | { readonly kind: 'rows'; readonly copyText: Buffer }
  | { readonly kind: 'table-end'; readonly rows: number }
  | { readonly kind: 'end'; readonly rowCounts: readonly ExportRowCount[] };

/** Which columns' values are wanted as COPY text, one answer per column. */
export type WantedColumns = (table: ExportTable) => readonly boolean[];

type Expected = 'header' | 'table' | 'rows' | 'table-end' | 'row-counts' | 'checksum' | 'nothing';

const lineEnd = 0x0a;
const closeBracket = 0x5d;

/**
 * Reads an export and holds it to the layout of the format: order, commas, number of values, row counts, checksum. It
 * holds a line only where no row stands, so memory stays flat. Throws `verification-failed` (not retried).
 */
export class ExportReader {
  readonly #wanted: WantedColumns;
  readonly #hash = createHash('sha256');
  readonly #counts: ExportRowCount[] = [];
  #expected: Expected = 'header';
  #line: Buffer[] = [];
  #decoder: RowDecoder | undefined;
  #table: ExportTable | undefined;
  #anyTable = false;

  constructor(wanted: WantedColumns) {
    this.#wanted = wanted;
  }

  /** Reads the next bytes, wherever they are cut. */
  *read(bytes: Buffer): Generator<ExportEvent, void, undefined> {
    let at = 0;
    while (at < bytes.length) {
      const from = at;
      if (this.#expected === 'rows' && this.#decoder !== undefined) {
        const { copyText, read, ended } = this.#decoder.decode(bytes.subarray(at));
        at += read;
        this.#hash.update(bytes.subarray(from, at));
        if (copyText.length > 0) yield { kind: 'rows', copyText };
        if (ended) this.#expected = 'table-end';
        continue;
      }
      const end = bytes.indexOf(lineEnd, at);
      at = end === -1 ? bytes.length : end + 1;
      const covered = this.#expected !== 'checksum' && this.#expected !== 'nothing';
      if (covered) this.#hash.update(bytes.subarray(from, at));
      this.#line.push(bytes.subarray(from, end === -1 ? at : end));
      if (end !== -1) yield* this.#readLine(this.#takeLine());
    }
    // The bytes belong to the caller, who may fill them anew.
    if (this.#line.length > 0) this.#line = [Buffer.concat(this.#line)];
  }

  /** Call at the end. */
  end(): void {
    if (this.#expected !== 'nothing' || this.#line.length > 0) {
      throw exportDamaged('ends before its checksum, or goes on behind it');
    }
  }

  #takeLine(): Buffer {
    const line =
      this.#line.length === 1 && this.#line[0] !== undefined ? this.#line[0] : Buffer.concat(this.#line);
    this.#line = [];
    return line;
  }

  *#readLine(bytes: Buffer): Generator<ExportEvent, void, undefined> {
    const line = bytes.toString('utf8');
    const tablesMayEnd = this.#expected === 'table' && !this.#anyTable && bytes[0] === closeBracket;
    if (tablesMayEnd) this.#expected = 'row-counts';
    switch (this.#expected) {
      case 'header':
        this.#expected = 'table';
        yield { kind: 'header', header: readHeaderLine(line) };
        return;
      case 'table':
        yield this.#openTable(readTableLine(line));
        return;
      case 'table-end':
        yield this.#closeTable(line);
        return;
      case 'row-counts':
        this.#checkCounts(readRowCountsLine(line));
        this.#expected = 'checksum';
        return;
      case 'checksum':
        if (readChecksumLine(line) !== this.#hash.digest('hex')) {
          throw exportDamaged('does not match its checksum: it was altered');
        }
        this.#expected = 'nothing';
        yield { kind: 'end', rowCounts: this.#counts };
        return;
      default:
        throw exportDamaged('goes on behind its end');
    }
  }

  #openTable(table: ExportTable): ExportEvent {
    this.#table = table;
    this.#anyTable = true;
    const { schema, name } = table;
    this.#decoder = new RowDecoder(this.#wanted(table), (what) =>
      exportDamaged(`${what} (${schema}.${name})`),
    );
    this.#expected = 'rows';
    return { kind: 'table', table };
  }

  #closeTable(line: string): ExportEvent {
    const { rows, more } = readTableEndLine(line);
    if (this.#table === undefined || rows !== this.#decoder?.rows) {
      throw exportDamaged('counts other rows than it holds');
    }
    const { schema, name } = this.#table;
    this.#counts.push({ schema, name, rows });
    this.#expected = more ? 'table' : 'row-counts';
    return { kind: 'table-end', rows };
  }

  #checkCounts(listed: readonly ExportRowCount[]): void {
    if (JSON.stringify(listed) !== JSON.stringify(this.#counts)) {
      throw exportDamaged('lists other tables and row counts at its end than it holds');
    }
  }
}
