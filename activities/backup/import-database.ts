import { DrError } from '../errors.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import { emptyTables } from './empty-tables.ts';
import type { SealedExport } from './export-file.ts';
import { type ExportEvent, ExportReader } from './export-reader.ts';
import { type ExportHeader, type ExportRowCount, type ExportTable, exportSettings } from './format.ts';
import { restoreSequences } from './import-sequences.ts';
import {
  findTargets,
  importRefused,
  loadedColumns,
  requireEmpty,
  type TargetTable,
} from './import-target.ts';
import { countRows, loadTable, type NextEvent, upsertTable } from './load-table.ts';
import { qualifiedName } from './quote.ts';
import { stillTriggers } from './stilled-triggers.ts';
import { selectTables } from './table-selection.ts';

/** What becomes of rows that are there already: refuse them, remove them, or overwrite those of the same primary key. */
export type ImportMode = 'refuse' | 'replace' | 'upsert';

/** What to import, and how. */
export interface ImportOptions {
  readonly mode: ImportMode;
  /** Only these tables of the export, each `name` or `schema.name`; all when undefined. */
  readonly tables?: readonly string[];
  /** Load into this schema instead of the one in the export, which must then be a single one. */
  readonly schema?: string;
  /** Told how many bytes of the document were read. */
  readonly progress?: (bytes: number) => void;
}

/** How long an import waits for somebody's lock, in ms. */
const lockTimeoutMs = 30_000;

/**
 * Loads an export in one transaction: all of it is there at the end, or nothing has changed. The schema must exist.
 * Values the server computes are left to it; identities keep their numbers; triggers do not fire.
 *
 * @returns rows loaded per table
 * @throws DrError `input-invalid` (tables missing or filled), `verification-failed` (the document is not what was
 *   written, or rows refer to nothing), `database-query-failed`, `database-unreachable`
 */
export function importDatabase(
  { database, file }: { readonly database: Database; readonly file: SealedExport },
  options: ImportOptions,
): Promise<readonly ExportRowCount[]> {
  return database.session(async (session) => {
    await session.query('BEGIN');
    const loaded = await importInto(session, file, options);
    await session.query('COMMIT');
    return loaded;
  });
}

/**
 * The same as a part of a transaction that is open.
 *
 * @throws as {@link importDatabase}; the transaction cannot go on then
 */
export async function importInto(
  session: DatabaseSession,
  file: SealedExport,
  options: ImportOptions,
): Promise<readonly ExportRowCount[]> {
  const chosen = selectTables(file.rowCounts, options.tables, 'The export');
  const schemas = new Set(chosen.map(({ schema }) => schema));
  if (options.schema !== undefined && schemas.size > 1) {
    throw importRefused(
      `The export has tables of several schemas (${[...schemas].join(', ')}), which cannot all become ${options.schema}.`,
      'Choose the tables of one schema with --table.',
    );
  }
  return new Load(file, chosen, options).run(session);
}

class Load {
  readonly #file: SealedExport;
  readonly #chosen: readonly ExportRowCount[];
  readonly #options: ImportOptions;

  constructor(file: SealedExport, chosen: readonly ExportRowCount[], options: ImportOptions) {
    this.#file = file;
    this.#chosen = chosen;
    this.#options = options;
  }

  async run(session: DatabaseSession): Promise<readonly ExportRowCount[]> {
    const { mode, schema } = this.#options;
    await applySettings(session, this.#file.header);
    const place = <T extends { readonly schema: string; readonly name: string }>(from: T) => ({
      schema: schema ?? from.schema,
      name: from.name,
    });
    const targets = await findTargets(session, this.#chosen.map(place));
    if (targets.length > 0 && mode !== 'replace') await lock(session, targets);
    if (mode === 'refuse') await requireEmpty(session, targets);
    if (mode === 'replace') await emptyTables(session, targets);
    const triggers = await stillTriggers(session, targets);
    const loaded = await this.#loadTables(session, targets);
    await triggers.restore();
    const sequences = await this.#wantedSequences(session, targets);
    await restoreSequences(session, sequences, place, mode === 'upsert');
    return loaded;
  }

  async #loadTables(
    session: DatabaseSession,
    targets: readonly TargetTable[],
  ): Promise<readonly ExportRowCount[]> {
    const targetOf = ({ schema, name }: ExportTable): TargetTable | undefined =>
      targets[this.#chosen.findIndex((one) => one.schema === schema && one.name === name)];
    const reader = new ExportReader((table) => {
      const target = targetOf(table);
      if (target === undefined) return table.columns.map(() => false);
      return loadedColumns(table, target).map((column) => column !== undefined);
    });
    const loaded: ExportRowCount[] = [];
    const next = this.#events(reader);
    for (let event = await next(); event !== undefined; event = await next()) {
      const target = event.kind === 'table' ? targetOf(event.table) : undefined;
      if (event.kind !== 'table' || target === undefined) continue;
      const rows = await this.#loadTable(session, event.table, target, next);
      loaded.push({ schema: target.schema, name: target.name, rows });
    }
    reader.end();
    return loaded;
  }

  async #loadTable(
    session: DatabaseSession,
    table: ExportTable,
    target: TargetTable,
    next: NextEvent,
  ): Promise<number> {
    if (this.#options.mode === 'upsert') {
      const { rows, written } = await upsertTable(session, table, target, next);
      if (written !== rows) throw notAllLoaded(target, rows, written);
      return rows;
    }
    const rows = await loadTable(session, table, target, next);
    const found = await countRows(session, target);
    if (found !== rows) throw notAllLoaded(target, rows, found);
    return rows;
  }

  /** The export piece by piece; a chunk is done with before the next is read. */
  #events(reader: ExportReader): NextEvent {
    const { progress = () => undefined } = this.#options;
    const file = this.#file;
    async function* events(): AsyncGenerator<ExportEvent, void, undefined> {
      let bytes = 0;
      for await (const chunk of file.read()) {
        yield* reader.read(chunk);
        bytes += chunk.length;
        progress(bytes);
      }
    }
    const iterator = events();
    return async () => {
      const { value } = await iterator.next();
      return value === undefined ? undefined : value;
    };
  }

  /** With every table come all sequences of the export; with some, those that they use. */
  async #wantedSequences(
    session: DatabaseSession,
    targets: readonly TargetTable[],
  ): Promise<ExportHeader['sequences']> {
    const { sequences } = this.#file.header;
    if (this.#options.tables === undefined) return sequences;
    const { schema } = this.#options;
    const wanted: ExportHeader['sequences'] = [];
    for (const sequence of sequences) {
      const { rowCount } = await session.query(
        `SELECT FROM pg_depend d LEFT JOIN pg_attrdef def ON d.classid = 'pg_attrdef'::regclass AND def.oid = d.objid
         WHERE (d.classid = 'pg_class'::regclass AND d.objid = to_regclass($1) AND d.refobjid = ANY($2::oid[]))
            OR (d.refobjid = to_regclass($1) AND def.adrelid = ANY($2::oid[]))
         LIMIT 1`,
        [
          qualifiedName({ schema: schema ?? sequence.schema, name: sequence.name }),
          targets.map(({ oid }) => oid),
        ],
      );
      if (rowCount > 0) wanted.push(sequence);
    }
    return wanted;
  }
}

async function applySettings(session: DatabaseSession, header: ExportHeader): Promise<void> {
  const known = Object.entries(exportSettings).map(
    ([name, value]) => [name, header.settings[name] ?? value] as const,
  );
  for (const [name, value] of [
    ...known,
    ['statement_timeout', '0'] as const,
    ['lock_timeout', String(lockTimeoutMs)] as const,
  ]) {
    await session.query('SELECT set_config($1, $2, true)', [name, value]);
  }
}

/** Readers go on; nobody else writes until the end. */
async function lock(session: DatabaseSession, targets: readonly TargetTable[]): Promise<void> {
  const names = targets.map((target) => `ONLY ${qualifiedName(target)}`).join(', ');
  await session.query(`LOCK TABLE ${names} IN SHARE ROW EXCLUSIVE MODE`);
}

function notAllLoaded({ schema, name }: TargetTable, expected: number, found: number): DrError {
  return new DrError('verification-failed', {
    happened: `The table ${schema}.${name} has ${found} rows after the load; the export holds ${expected}.`,
    meaning: 'Nothing was changed.',
    next: 'Look for rules, row-level security or replica triggers on the table that take rows away.',
  });
}
