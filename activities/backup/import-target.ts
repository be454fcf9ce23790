import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import type { ExportTable } from './format.ts';
import { qualifiedName } from './quote.ts';

/** A table by its name. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

const targetRow = z.object({
  oid: z.string(),
  columns: z
    .string()
    .transform((text) =>
      z
        .array(z.object({ name: z.string(), generated: z.boolean(), alwaysIdentity: z.boolean() }))
        .parse(JSON.parse(text)),
    ),
});

/** A table to load rows into. */
export interface TargetTable extends TableName {
  readonly oid: string;
  readonly columns: ReadonlyMap<string, { readonly generated: boolean; readonly alwaysIdentity: boolean }>;
}

const targetSql = `
SELECT c.oid::text, (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'generated', a.attgenerated <> '',
    'alwaysIdentity', a.attidentity = 'a')), '[]') FROM pg_attribute a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'r'`;

/** Makes the error for an import that cannot be done as it was asked for. */
export function importRefused(happened: string, next: string): DrError {
  return new DrError('input-invalid', { happened, meaning: 'Nothing was changed.', next });
}

/**
 * Finds the tables that rows are to go to.
 *
 * @throws DrError `input-invalid` naming every one that is missing
 */
export async function findTargets(
  session: DatabaseSession,
  names: readonly TableName[],
): Promise<readonly TargetTable[]> {
  const found: TargetTable[] = [];
  const missing: string[] = [];
  for (const { schema, name } of names) {
    const { rows } = await session.query(targetSql, [schema, name]);
    const [row] = z.array(targetRow).parse(rows);
    if (row === undefined) missing.push(`${schema}.${name}`);
    else {
      const columns = new Map(row.columns.map(({ name: column, ...kind }) => [column, kind]));
      found.push({ schema, name, oid: row.oid, columns });
    }
  }
  if (missing.length > 0) {
    throw importRefused(
      `The database has no table ${missing.join(', ')}.`,
      'Make the schema first (an export holds rows, not definitions), or name another --schema or --table.',
    );
  }
  return found;
}

/** Refuses tables that hold rows. They must be locked against writers. */
export async function requireEmpty(session: DatabaseSession, targets: readonly TargetTable[]): Promise<void> {
  const filled: string[] = [];
  for (const target of targets) {
    const { rowCount } = await session.query(`SELECT FROM ONLY ${qualifiedName(target)} LIMIT 1`);
    if (rowCount > 0) filled.push(`${target.schema}.${target.name}`);
  }
  if (filled.length === 0) return;
  throw importRefused(
    `${filled.length === 1 ? 'The table' : 'The tables'} ${filled.join(', ')} already hold${filled.length === 1 ? 's' : ''} rows.`,
    'Use --replace to empty the tables first, or --upsert to keep the rows and overwrite those of the same primary key.',
  );
}

/** The columns to load, in the order of the export; undefined stands for one that the server computes itself. */
export function loadedColumns(table: ExportTable, target: TargetTable): readonly (string | undefined)[] {
  const missing = table.columns.filter(
    ({ name, generated }) => generated === null && !target.columns.has(name),
  );
  if (missing.length > 0) {
    throw importRefused(
      `The table ${target.schema}.${target.name} has no column ${missing.map(({ name }) => name).join(', ')}.`,
      'Bring the schema to the state in which the export was made.',
    );
  }
  return table.columns.map(({ name }) => (target.columns.get(name)?.generated === false ? name : undefined));
}
