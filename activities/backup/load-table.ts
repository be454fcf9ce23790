import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import type { ExportEvent } from './export-reader.ts';
import type { ExportTable } from './format.ts';
import { importRefused, loadedColumns, type TargetTable } from './import-target.ts';
import { qualifiedName, quoteIdentifier } from './quote.ts';

/** What follows in an export, one at a time; undefined at its end. */
export type NextEvent = () => Promise<ExportEvent | undefined>;

const countRow = z.object({ count: z.coerce.number().int() });
const staging = 'pg_temp."export staging"';

/** Loads the rows that follow into an empty table; gives how many there were. */
export async function loadTable(
  session: DatabaseSession,
  table: ExportTable,
  target: TargetTable,
  next: NextEvent,
): Promise<number> {
  const columns = loadedColumns(table, target).filter((name) => name !== undefined);
  const rows = await copyRows(session, qualifiedName(target), columns, next);
  if (columns.length === 0 && rows > 0) {
    await session.query(`INSERT INTO ${qualifiedName(target)} SELECT FROM generate_series(1, ${rows})`);
  }
  return rows;
}

/** How many rows a table holds, read from the table itself. */
export async function countRows(session: DatabaseSession, target: TargetTable): Promise<number> {
  const { rows } = await session.query(`SELECT count(*)::text AS count FROM ONLY ${qualifiedName(target)}`);
  const [{ count }] = z.tuple([countRow]).parse(rows);
  return count;
}

/**
 * Loads the rows that follow beside the table and merges them into it: rows of the same primary key are overwritten,
 * others are added, none is removed.
 *
 * @returns how many rows there were, and how many were written
 * @throws DrError `input-invalid` for a table without a primary key
 */
export async function upsertTable(
  session: DatabaseSession,
  table: ExportTable,
  target: TargetTable,
  next: NextEvent,
): Promise<{ readonly rows: number; readonly written: number }> {
  const columns = loadedColumns(table, target).filter((name) => name !== undefined);
  const key = new Set(table.primaryKey);
  const others = columns.filter((name) => !key.has(name));
  const unchangeable = others.filter((name) => target.columns.get(name)?.alwaysIdentity === true);
  if (key.size === 0 || unchangeable.length > 0) {
    throw importRefused(
      key.size === 0
        ? `The table ${target.schema}.${target.name} has no primary key to tell rows by.`
        : `The server lets nobody overwrite ${unchangeable.join(', ')} of ${target.schema}.${target.name} (GENERATED ALWAYS AS IDENTITY).`,
      'Leave the table out with --table, or load it with --replace.',
    );
  }
  const list = columns.map(quoteIdentifier).join(', ');
  const name = qualifiedName(target);
  await session.query(`CREATE TEMPORARY TABLE ${staging} AS SELECT ${list} FROM ONLY ${name} WITH NO DATA`);
  const rows = await copyRows(session, staging, columns, next);
  const overwrite = others.map((one) => `${quoteIdentifier(one)} = EXCLUDED.${quoteIdentifier(one)}`);
  const { rowCount } = await session.query(
    `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${staging}
     ON CONFLICT (${[...key].map(quoteIdentifier).join(', ')})
     DO ${others.length === 0 ? 'NOTHING' : `UPDATE SET ${overwrite.join(', ')}`}`,
  );
  await session.query(`DROP TABLE ${staging}`);
  return { rows, written: others.length === 0 ? rows : rowCount };
}

async function copyRows(
  session: DatabaseSession,
  into: string,
  columns: readonly string[],
  next: NextEvent,
): Promise<number> {
  let rows = 0;
  async function* copyText(): AsyncGenerator<Buffer, void, undefined> {
    for (let event = await next(); event !== undefined; event = await next()) {
      if (event.kind === 'rows') {
        yield Buffer.from(event.copyText);
      } else {
        if (event.kind === 'table-end') rows = event.rows;
        return;
      }
    }
  }
  if (columns.length === 0) {
    for await (const _ of copyText());
  } else {
    await session.copyIn(`COPY ${into} (${columns.map(quoteIdentifier).join(', ')}) FROM STDIN`, copyText());
  }
  return rows;
}
