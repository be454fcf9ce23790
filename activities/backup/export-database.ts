import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DatabaseSession, SchemaDumper } from '../ports.ts';
import { BlockPool } from './block-pool.ts';
import { readCatalog } from './catalog.ts';
import {
  type ExportHeader,
  type ExportRowCount,
  type ExportTable,
  exportFormat,
  exportSettings,
} from './format.ts';
import { type Helpers, type PiecesUnderWay, readPieces } from './read-pieces.ts';
import { lockTables, openSnapshot } from './snapshot.ts';
import { cutIntoPieces, type TablePiece } from './table-pieces.ts';

/** What an export held, known when all of it was read. */
export interface ExportSummary {
  readonly header: ExportHeader;
  readonly rowCounts: readonly ExportRowCount[];
}

/** An export under way. */
export interface DatabaseExport {
  /** The document, see {@link exportFormat}. Memory stays flat; it is produced as fast as it is read. */
  readonly body: Readable;
  /** Takes back the memory of a chunk that nobody reads any more; optional, saves a third of the time. */
  giveBack(chunk: Buffer): void;
  /** What it held. Throws before `body` has ended. */
  summary(): ExportSummary;
}

/** What to export, and over what. */
export interface ExportOptions {
  /** A session that nothing else uses until `body` has ended. */
  readonly session: DatabaseSession;
  /** Which schemas; each must exist. */
  readonly schemas: readonly string[];
  /** Only these tables and the sequences that they use, each `name` or `schema.name`; every table when undefined. */
  readonly tables?: readonly string[];
  /** Sessions that read at the same time; none when undefined. Two in all keep two processors busy. */
  readonly helpers?: Helpers;
  /** Writes the definition of the schemas into the header, as of the same moment; it is left out when undefined. */
  readonly schemaDumper?: SchemaDumper;
}

/**
 * Exports tables as they stand at one moment, without blocking writers.
 * `body` fails with `database-unreachable` (retried), `database-query-failed` or `input-invalid`.
 */
export function exportDatabase(options: ExportOptions): DatabaseExport {
  let summary: ExportSummary | undefined;
  const pool = new BlockPool();
  const document = writeDocument(options, pool, (result) => {
    summary = result;
  });
  return {
    body: Readable.from(hashed(document), { highWaterMark: 2 }),
    giveBack: (chunk) => pool.giveBack(chunk),
    summary() {
      if (summary === undefined) throw new Error('The export has not ended.');
      return summary;
    },
  };
}

/** Passes a document on and ends it with the checksum over all of it. */
async function* hashed(document: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  for await (const part of document) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    if (bytes.length === 0) continue;
    hash.update(bytes);
    yield bytes;
  }
  yield Buffer.from(`"sha256":"${hash.digest('hex')}"}\n`);
}

async function* writeDocument(
  { session, schemas, tables: only, helpers, schemaDumper }: ExportOptions,
  pool: BlockPool,
  finish: (summary: ExportSummary) => void,
): AsyncGenerator<string | Buffer, void, undefined> {
  const snapshot = await openSnapshot(session);
  const { tables, sequences } = await readCatalog(session, schemas, only);
  if (tables.length > 0) await session.query(lockTables(tables.map(({ table }) => table)));
  const pieces = await cutIntoPieces(session, tables, snapshot.serverVersion);
  const underWay = readPieces(session, snapshot, pieces, pool, helpers);
  const rowCounts: ExportRowCount[] = [];
  let header: ExportHeader;
  try {
    const schemaDump = await schemaDumper?.dump({ schemas, snapshotId: snapshot.snapshotId });
    header = {
      format: exportFormat.name,
      version: exportFormat.version,
      ...snapshot,
      settings: exportSettings,
      sequences: [...sequences],
      ...(schemaDump !== undefined && { schemaDump }),
    };
    yield `${JSON.stringify(header).slice(0, -1)},"tables":[\n`;
    for (const [index, { table }] of tables.entries()) {
      yield `${JSON.stringify(table).slice(0, -1)},"rows":[\n`;
      const rows = yield* writeRows(table, pieces, underWay);
      rowCounts.push({ schema: table.schema, name: table.name, rows });
      yield `${rows === 0 ? '' : '\n'}],"rowCount":${rows}}${index === tables.length - 1 ? '' : ','}\n`;
    }
    await underWay.done;
  } finally {
    underWay.cancel(new Error('The export was given up.'));
  }
  await session.query('COMMIT');
  yield `],"rowCounts":${JSON.stringify(rowCounts)},\n`;
  finish({ header, rowCounts });
}

/** Writes the rows of a table's pieces one behind the other; gives how many they were. */
async function* writeRows(
  table: ExportTable,
  pieces: readonly TablePiece[],
  underWay: PiecesUnderWay,
): AsyncGenerator<string | Buffer, number, undefined> {
  let rows = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.table !== table) continue;
    let separate = rows > 0;
    for await (const chunk of underWay.rows(index)) {
      if (separate && chunk.length > 0) {
        yield ',\n';
        separate = false;
      }
      yield chunk;
    }
    rows += underWay.rowCount(index);
  }
  return rows;
}
