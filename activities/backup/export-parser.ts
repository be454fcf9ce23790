import { DrError } from '../errors.ts';
import {
  type ExportHeader,
  type ExportRowCount,
  type ExportTable,
  exportHeader,
  exportRowCount,
  exportTable,
} from './format.ts';

/** What one line of an export says. */
export type ExportLine =
  | { readonly kind: 'header'; readonly header: ExportHeader }
  | { readonly kind: 'table'; readonly table: ExportTable }
  | { readonly kind: 'row'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'table-end'; readonly rows: number }
  | { readonly kind: 'row-counts'; readonly rowCounts: readonly ExportRowCount[] }
  | { readonly kind: 'checksum'; readonly sha256: string };

/** Makes the error for an export that is not what it was when written; holds no value of any row. */
export function exportDamaged(what: string): DrError {
  return new DrError('verification-failed', {
    happened: `The export ${what}.`,
    meaning: 'It is not, or not all of, what was exported, and must not be restored from.',
    next: 'Use another copy, or export again.',
  });
}

/**
 * Reads an export line by line and holds it to the layout of the format: order, commas, number of values, row counts.
 * Every method throws `verification-failed` (not retried).
 */
export class ExportParser {
  #expects:
    | 'header'
    | 'first-table'
    | 'table'
    | 'first-row'
    | 'row'
    | 'table-end'
    | 'counts'
    | 'checksum'
    | 'end' = 'header';
  #line = 0;
  #columns = 0;
  #rows = 0;
  #table: ExportTable | undefined;
  readonly #counts: ExportRowCount[] = [];

  /** Whether the whole document was read. */
  get complete(): boolean {
    return this.#expects === 'end';
  }

  /** Reads the next line, given without its line end. */
  read(line: string): ExportLine {
    this.#line += 1;
    switch (this.#expects) {
      case 'header':
        return this.#readHeader(line);
      case 'first-table':
        return line.startsWith(']') ? this.#readCounts(line) : this.#openTable(line);
      case 'table':
        return this.#openTable(line);
      case 'first-row':
        return line.startsWith(']') ? this.#closeTable(line) : this.#readRow(line);
      case 'row':
        return this.#readRow(line);
      case 'table-end':
        return this.#closeTable(line);
      case 'counts':
        return this.#readCounts(line);
      case 'checksum':
        return this.#readChecksum(line);
      case 'end':
        throw this.#damaged('goes on behind its end');
    }
  }

  #readHeader(line: string): ExportLine {
    const header = exportHeader.safeParse(this.#json(`${line}]}`));
    if (!header.success) throw this.#damaged('has no header of a known format and version');
    this.#expects = 'first-table';
    return { kind: 'header', header: header.data };
  }

  #openTable(line: string): ExportLine {
    const table = exportTable.safeParse(this.#json(`${line}]}`));
    if (!table.success) throw this.#damaged('has something else where a table should begin');
    this.#table = table.data;
    this.#columns = table.data.columns.length;
    this.#rows = 0;
    this.#expects = 'first-row';
    return { kind: 'table', table: table.data };
  }

  #readRow(line: string): ExportLine {
    const more = line.endsWith(',');
    const values = this.#json(more ? line.slice(0, -1) : line);
    if (!isRow(values) || values.length !== this.#columns) {
      throw this.#damaged('has something else where a row should be');
    }
    this.#rows += 1;
    this.#expects = more ? 'row' : 'table-end';
    return { kind: 'row', values };
  }

  #closeTable(line: string): ExportLine {
    const [, count, comma] = /^\],"rowCount":(\d{1,15})\}(,?)$/.exec(line) ?? [];
    if (this.#table === undefined || Number(count) !== this.#rows) {
      throw this.#damaged('counts other rows than it holds');
    }
    const { schema, name } = this.#table;
    this.#counts.push({ schema, name, rows: this.#rows });
    this.#expects = comma === ',' ? 'table' : 'counts';
    return { kind: 'table-end', rows: this.#rows };
  }

  #readCounts(line: string): ExportLine {
    const [, json] = /^\],"rowCounts":(\[.*\]),$/s.exec(line) ?? [];
    const counts = exportRowCount.array().safeParse(json === undefined ? undefined : this.#json(json));
    if (!counts.success || JSON.stringify(counts.data) !== JSON.stringify(this.#counts)) {
      throw this.#damaged('lists other tables and row counts at its end than it holds');
    }
    this.#expects = 'checksum';
    return { kind: 'row-counts', rowCounts: counts.data };
  }

  #readChecksum(line: string): ExportLine {
    const [, sha256] = /^"sha256":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
    if (sha256 === undefined) throw this.#damaged('has no checksum where it should end');
    this.#expects = 'end';
    return { kind: 'checksum', sha256 };
  }

  #json(text: string): unknown {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      throw this.#damaged('is not valid JSON');
    }
  }

  #damaged(what: string): DrError {
    return exportDamaged(`${what} (line ${this.#line})`);
  }
}

function isRow(value: unknown): value is (string | null)[] {
  return Array.isArray(value) && value.every((field) => field === null || typeof field === 'string');
}
