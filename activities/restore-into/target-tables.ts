import { z } from 'zod';
import { quoteIdentifier } from '../database/identifiers.ts';
import { readRow, readRows } from '../database/rows.ts';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';

/** What a database holds before a restore. */
export interface TargetTables {
  /** As `schema.table`. */
  readonly existing: ReadonlySet<string>;
  readonly filled: readonly string[];
}

const tableName = z.object({ schema: z.string(), name: z.string() });
const answer = z.object({ filled: z.boolean() });

/** Tables of the schemas; those of extensions belong to the server. */
const listing = `
SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname = ANY ($1::text[])
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, 2`;

/**
 * Looks which tables schemas have, and which of them hold rows.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed`
 */
export async function lookAtTables(
  session: DatabaseSession,
  schemas: readonly string[],
): Promise<TargetTables> {
  const existing = new Set<string>();
  const filled: string[] = [];
  for (const { schema, name } of await readRows(session, tableName, listing, [schemas])) {
    const sql = `SELECT EXISTS (SELECT FROM ONLY ${quoteIdentifier(schema)}.${quoteIdentifier(name)}) AS filled`;
    existing.add(`${schema}.${name}`);
    if ((await readRow(session, answer, sql)).filled) filled.push(`${schema}.${name}`);
  }
  return { existing, filled };
}

/** Makes the refusal of a database that holds rows: `input-invalid` (not retried). */
export function holdsRows(database: string, filled: readonly string[]): DrError {
  const shown = filled.slice(0, 5).join(', ');
  const more = filled.length > 5 ? ` and ${filled.length - 5} more` : '';
  return new DrError('input-invalid', {
    happened: `Tables of the database ${JSON.stringify(database)} hold rows: ${shown}${more}.`,
    meaning: 'Nothing was restored or changed: this never writes over rows.',
    next: 'Name a database that is not there yet (--database NAME), or an empty one.',
  });
}

/**
 * Decides what a backup can bring into a database without rows.
 *
 * @param wanted the backup's tables, as `schema.table`
 * @throws DrError `input-invalid` where some of its tables are there, or any for a SQL dump, which makes its own
 */
export function whatToLoad(
  { existing }: TargetTables,
  wanted: readonly string[],
  { format, database }: { readonly format: 'json' | 'sql'; readonly database: string },
): 'schema-and-rows' | 'rows' {
  const there = wanted.filter((name) => existing.has(name));
  if (there.length === 0) return 'schema-and-rows';
  if (format === 'json' && there.length === wanted.length) return 'rows';
  throw new DrError('input-invalid', {
    happened: `The database ${JSON.stringify(database)} has ${there.length} of the backup’s ${wanted.length} tables already: ${there.slice(0, 5).join(', ')}.`,
    meaning:
      format === 'sql'
        ? 'Nothing was restored or changed: a SQL dump makes its tables itself.'
        : 'Nothing was restored or changed: rows go into all of them, or the backup makes them all.',
    next: 'Name a database that is not there yet (--database NAME), or an empty one.',
  });
}
