import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import type { CatalogTable } from './catalog.ts';
import { jsonLikeCsv } from './encode-rows.ts';
import type { ExportTable } from './format.ts';
import { qualifiedName, quoteIdentifier } from './quote.ts';

/** Part of a table that one connection reads at a time: 4 MiB of its main file, long values not counted. */
const blocksPerPiece = 512;

/** Before that version, rows cannot be found by their block without reading the whole table. */
const blockRangesSince = 14;

/** Rows of one table that are read together. */
export interface TablePiece {
  readonly table: ExportTable;
  readonly copySql: string;
}

const sizeRow = z.object({ blocks: z.coerce.number().int().nonnegative() });

/**
 * Cuts tables into pieces by the blocks that their rows lie in. The pieces of all tables in this order, one behind the
 * other, are the rows in the order on disk.
 */
export async function cutIntoPieces(
  session: DatabaseSession,
  tables: readonly CatalogTable[],
  serverVersion: string,
): Promise<readonly TablePiece[]> {
  const blocks = await tableBlocks(session, tables);
  const inRanges = Number.parseInt(serverVersion, 10) >= blockRangesSince;
  return tables.flatMap(({ table, heap }, index) => {
    const pieces = heap && inRanges ? Math.max(1, Math.ceil((blocks[index] ?? 0) / blocksPerPiece)) : 1;
    const columns = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
    const rows = `SELECT ${columns} FROM ONLY ${qualifiedName(table)}`;
    return Array.from({ length: pieces }, (_, piece) => {
      const from = piece === 0 ? [] : [`ctid >= '(${piece * blocksPerPiece},0)'`];
      const below = piece === pieces - 1 ? [] : [`ctid < '(${(piece + 1) * blocksPerPiece},0)'`];
      const range = [...from, ...below].join(' AND ');
      return {
        table,
        copySql: `COPY (${rows}${range === '' ? '' : ` WHERE ${range}`}) TO STDOUT WITH ${jsonLikeCsv}`,
      };
    });
  });
}

async function tableBlocks(
  session: DatabaseSession,
  tables: readonly CatalogTable[],
): Promise<readonly number[]> {
  const { rows } = await session.query(
    `SELECT (pg_relation_size(name::regclass) / current_setting('block_size')::bigint)::text AS blocks
     FROM unnest($1::text[]) WITH ORDINALITY AS listed (name, position) ORDER BY position`,
    [tables.map(({ table }) => qualifiedName(table))],
  );
  return z
    .array(sizeRow)
    .parse(rows)
    .map(({ blocks }) => blocks);
}
