import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import { readCatalog } from './catalog.ts';
import { parseCopyLine } from './copy-text.ts';
import {
  type ExportHeader,
  type ExportRowCount,
  type ExportTable,
  exportFormat,
  exportSettings,
} from './format.ts';
import { lineBatches } from './lines.ts';
import { quoteIdentifier } from './quote.ts';
import { openSnapshot } from './snapshot.ts';

/** What an export held, known when all of it was read. */
export interface ExportSummary {
  readonly header: ExportHeader;
  readonly rowCounts: readonly ExportRowCount[];
}

/** An export under way. */
export interface DatabaseExport {
  /** The document, see {@link exportFormat}. Memory stays flat; it is produced as fast as it is read. */
  readonly body: Readable;
  /** What it held. Throws before `body` has ended. */
  summary(): ExportSummary;
}

/**
 * Exports every table of the schemas as they stand at one moment, over one session and without blocking writers.
 * `body` fails with `database-unreachable` (retried), `database-query-failed` or `input-invalid`.
 *
 * @param options.session a session that nothing else uses until `body` has ended
 * @param options.schemas which schemas; each must exist
 */
export function exportDatabase(options: {
  readonly session: DatabaseSession;
  readonly schemas: readonly string[];
}): DatabaseExport {
  let summary: ExportSummary | undefined;
  const document = writeDocument(options.session, options.schemas, (result) => {
    summary = result;
  });
  return {
    body: Readable.from(hashed(document), { objectMode: false }),
    summary() {
      if (summary === undefined) throw new Error('The export has not ended.');
      return summary;
    },
  };
}

/** Passes a document on and ends it with the checksum over all of it. */
async function* hashed(document: AsyncIterable<string>): AsyncGenerator<Buffer, void, undefined> {
  const hash: Hash = createHash('sha256');
  for await (const text of document) {
    const bytes = Buffer.from(text, 'utf8');
    hash.update(bytes);
    yield bytes;
  }
  yield Buffer.from(`"sha256":"${hash.digest('hex')}"}\n`);
}

async function* writeDocument(
  session: DatabaseSession,
  schemas: readonly string[],
  finish: (summary: ExportSummary) => void,
): AsyncGenerator<string, void, undefined> {
  const snapshot = await openSnapshot(session);
  const { tables, sequences } = await readCatalog(session, schemas);
  if (tables.length > 0) {
    // A TRUNCATE is not seen by snapshots: without the lock, a table emptied meanwhile would be exported as empty.
    await session.query(`LOCK TABLE ONLY ${tables.map(qualifiedName).join(', ONLY ')} IN ACCESS SHARE MODE`);
  }
  const header: ExportHeader = {
    format: exportFormat.name,
    version: exportFormat.version,
    ...snapshot,
    settings: exportSettings,
    sequences: [...sequences],
  };
  yield `${JSON.stringify(header).slice(0, -1)},"tables":[\n`;

  const rowCounts: ExportRowCount[] = [];
  for (const [index, table] of tables.entries()) {
    yield `${JSON.stringify(table).slice(0, -1)},"rows":[\n`;
    let rows = 0;
    for await (const texts of readRows(session, table)) {
      yield `${rows === 0 ? '' : ',\n'}${texts.join(',\n')}`;
      rows += texts.length;
    }
    rowCounts.push({ schema: table.schema, name: table.name, rows });
    yield `${rows === 0 ? '' : '\n'}],"rowCount":${rows}}${index === tables.length - 1 ? '' : ','}\n`;
  }
  await session.query('COMMIT');
  yield `],"rowCounts":${JSON.stringify(rowCounts)},\n`;
  finish({ header, rowCounts });
}

/** Reads a table's rows as JSON arrays, as many at a time as arrive together. */
async function* readRows(
  session: DatabaseSession,
  table: ExportTable,
): AsyncGenerator<string[], void, undefined> {
  const columns = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const copy = session.copyOut(`COPY (SELECT ${columns} FROM ONLY ${qualifiedName(table)}) TO STDOUT`);
  const failure = (what: string) =>
    new DrError('database-query-failed', {
      happened: `What the database sent of the table ${table.schema}.${table.name} ${what}.`,
      meaning: 'The table cannot be copied exactly, so there is no copy.',
      next: 'Check the encoding of the database; it must be UTF-8.',
    });
  for await (const { lines } of lineBatches(copy, failure)) {
    yield lines.map((line) => {
      const values = parseCopyLine(line, table.columns.length);
      if (values.length !== table.columns.length) {
        throw failure(`has a row of ${values.length} values for ${table.columns.length} columns`);
      }
      return JSON.stringify(values);
    });
  }
}

function qualifiedName({ schema, name }: ExportTable): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
