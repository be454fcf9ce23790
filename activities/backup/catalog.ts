import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import { type ExportTable, exportSequence, exportTable } from './format.ts';
import { selectTables } from './table-selection.ts';

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
      AND a.attrelid = c.oid AND a.attnum = k.attnum), '[]')::text AS "primaryKey",
  coalesce((
    SELECT json_agg(json_build_object('schema', an.nspname, 'name', ac.relname))
    FROM pg_partition_ancestors(c.oid) AS ancestor (oid) JOIN pg_class ac ON ac.oid = ancestor.oid
    JOIN pg_namespace an ON an.oid = ac.relnamespace WHERE ac.oid <> c.oid), '[]')::text AS "partOf",
  (SELECT am.amname = 'heap' FROM pg_am am WHERE am.oid = c.relam) AS heap
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname = ANY($1::text[])
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

const sequencesSql = `
SELECT s.schemaname AS schema, s.sequencename AS name, s.last_value::text AS "lastValue",
  coalesce((
    SELECT json_agg(json_build_object('schema', tn.nspname, 'name', t.relname))
    FROM pg_depend d LEFT JOIN pg_attrdef def ON d.classid = 'pg_attrdef'::regclass AND def.oid = d.objid
    JOIN pg_class t ON t.oid = CASE WHEN d.refobjid = c.oid THEN def.adrelid ELSE d.refobjid END
    JOIN pg_namespace tn ON tn.oid = t.relnamespace
    WHERE (d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
        AND d.deptype IN ('a', 'i'))
      OR (d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND def.oid IS NOT NULL)), '[]')::text AS "usedBy"
FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename
WHERE s.schemaname = ANY($1::text[])
ORDER BY s.schemaname COLLATE "C", s.sequencename COLLATE "C"`;

/** A text column that holds JSON. */
const jsonText = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

const tableName = z.object({ schema: z.string(), name: z.string() });

const tableRow = z.object({
  schema: exportTable.shape.schema,
  name: exportTable.shape.name,
  columns: jsonText(exportTable.shape.columns),
  primaryKey: jsonText(exportTable.shape.primaryKey),
  partOf: jsonText(z.array(tableName)),
  heap: z.boolean(),
});

const sequenceRow = exportSequence.extend({ usedBy: jsonText(z.array(tableName)) });

/** A table to export. */
export interface CatalogTable {
  readonly table: ExportTable;
  /** Whether rows can be asked for by the block that they lie in. */
  readonly heap: boolean;
}

/** What is to be exported. */
export interface ExportCatalog {
  readonly tables: readonly CatalogTable[];
  readonly sequences: readonly z.infer<typeof exportSequence>[];
}

/**
 * Reads which tables and sequences the schemas hold, in a stable order.
 *
 * @param only these tables and the sequences that they use, see {@link selectTables}; everything when undefined
 * @throws DrError `input-invalid` when a schema or table does not exist: an export that quietly lacks it would be taken
 *   for whole
 */
export async function readCatalog(
  session: DatabaseSession,
  schemas: readonly string[],
  only?: readonly string[],
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
  const tables = z.array(tableRow).parse((await session.query(tablesSql, [schemas])).rows);
  const sequences = z.array(sequenceRow).parse((await session.query(sequencesSql, [schemas])).rows);
  const selected = selectTables(tables, only, 'The database');
  const inUse = (names: readonly z.infer<typeof tableName>[]) =>
    names.some(({ schema, name }) =>
      selected.some((table) =>
        [table, ...table.partOf].some((one) => one.schema === schema && one.name === name),
      ),
    );
  return {
    tables: selected.map(({ partOf: _, heap, ...table }) => ({ table, heap })),
    sequences: sequences
      .filter(({ usedBy }) => only === undefined || inUse(usedBy))
      .map(({ usedBy: _, ...sequence }) => sequence),
  };
}
