import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import { type ExportTable, exportSequence, exportTable } from './format.ts';

const tablesSql = `
SELECT n.nspname AS schema, c.relname AS name,
  coalesce((
    SELECT json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
      'generated', CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
      'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END) ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]')::text AS columns,
  coalesce((
    SELECT json_agg(a.attname ORDER BY k.position)
    FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position), pg_attribute a
    WHERE i.indrelid = c.oid AND i.indisprimary AND k.position <= i.indnkeyatts
      AND a.attrelid = c.oid AND a.attnum = k.attnum), '[]')::text AS "primaryKey"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname = ANY($1::text[])
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

const sequencesSql = `
SELECT schemaname AS schema, sequencename AS name, last_value::text AS "lastValue"
FROM pg_sequences WHERE schemaname = ANY($1::text[])
ORDER BY schemaname COLLATE "C", sequencename COLLATE "C"`;

/** A text column that holds JSON. */
const jsonText = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

const tableRow = z.object({
  schema: exportTable.shape.schema,
  name: exportTable.shape.name,
  columns: jsonText(exportTable.shape.columns),
  primaryKey: jsonText(exportTable.shape.primaryKey),
});

/** Everything in the named schemas that an export holds. */
export interface ExportCatalog {
  readonly tables: readonly ExportTable[];
  readonly sequences: readonly z.infer<typeof exportSequence>[];
}

/**
 * Reads which tables and sequences the schemas hold, in a stable order.
 *
 * @throws DrError `input-invalid` when a schema does not exist: an export that quietly lacks it would be taken for whole
 */
export async function readCatalog(
  session: DatabaseSession,
  schemas: readonly string[],
): Promise<ExportCatalog> {
  const { rows } = await session.query(
    'SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY($1::text[])',
    [schemas],
  );
  const known = new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name),
  );
  const missing = schemas.filter((schema) => !known.has(schema));
  if (missing.length > 0 || schemas.length === 0) {
    throw new DrError('input-invalid', {
      happened:
        missing.length > 0
          ? `The database has no schema ${missing.map((name) => JSON.stringify(name)).join(', ')}.`
          : 'No schema was named to export.',
      meaning: 'No copy was made: it would lack tables without saying so.',
      next: 'Correct the list of schemas in the policy.',
    });
  }
  const tables = await session.query(tablesSql, [schemas]);
  const sequences = await session.query(sequencesSql, [schemas]);
  return {
    tables: z.array(tableRow).parse(tables.rows),
    sequences: z.array(exportSequence).parse(sequences.rows),
  };
}
