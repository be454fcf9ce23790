import type { z } from 'zod';
import { DrError } from '../errors.ts';
import {
  type ExportHeader,
  type ExportRowCount,
  type ExportTable,
  exportHeader,
  exportRowCount,
  exportTable,
} from './format.ts';

/** Makes the error for an export that is not what it was when written; holds no value of any row. */
export function exportDamaged(what: string): DrError {
  return new DrError('verification-failed', {
    happened: `The export ${what}.`,
    meaning: 'It is not, or not all of, what was exported, and must not be restored from.',
    next: 'Use another copy, or export again.',
  });
}

function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw exportDamaged('holds a line that is not valid JSON');
  }
}

function read<T extends z.ZodType>(schema: T, text: string | undefined, otherwise: string): z.output<T> {
  const parsed = schema.safeParse(text === undefined ? undefined : json(text));
  if (!parsed.success) throw exportDamaged(otherwise);
  return parsed.data;
}

/** Reads the first line of an export. This and the others throw `verification-failed`. */
export function readHeaderLine(line: string): ExportHeader {
  return read(exportHeader, `${line}]}`, 'has no header of a known format and version');
}

/** Reads the line that opens a table. */
export function readTableLine(line: string): ExportTable {
  return read(exportTable, `${line}]}`, 'has something else where a table should begin');
}

/** Reads the line that closes a table: how many rows it says, and whether another table follows. */
export function readTableEndLine(line: string): { readonly rows: number; readonly more: boolean } {
  const [, rows, comma] = /^\],"rowCount":(\d{1,15})\}(,?)$/.exec(line) ?? [];
  if (rows === undefined) throw exportDamaged('has something else where a table should end');
  return { rows: Number(rows), more: comma === ',' };
}

/** Reads the line with the row counts of all tables. */
export function readRowCountsLine(line: string): readonly ExportRowCount[] {
  const [, counts] = /^\],"rowCounts":(\[.*\]),$/s.exec(line) ?? [];
  return read(exportRowCount.array(), counts, 'does not list its tables and row counts at its end');
}

/** How long the last line is, its line end included. */
export const checksumLineBytes = '"sha256":""}\n'.length + 64;

/** Reads the last line: the checksum over all bytes before it, lower-case hex. */
export function readChecksumLine(line: string): string {
  const [, sha256] = /^"sha256":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
  if (sha256 === undefined) throw exportDamaged('has no checksum where it should end: it is truncated');
  return sha256;
}
