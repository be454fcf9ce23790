import { z } from 'zod';
import type { TimestampColumn } from '../../workflows/contracts/policy.ts';
import type { DatabaseSession } from '../ports.ts';
import { quoteIdentifier } from './identifiers.ts';
import { readRows } from './rows.ts';

/** One table whose rows are counted; a partitioned table stands for all its partitions. */
export interface CountedTable {
  /** `schema.table`. */
  readonly name: string;
  /** The relations that hold its rows, quoted: the table itself, or the leaves of a partitioned one. */
  readonly relations: readonly string[];
  /** Not written ahead: the provider's restore brings it back empty. */
  readonly unlogged: boolean;
  /** Quoted column that tells when a row was written; null where nothing tells. */
  readonly timestampColumn: string | null;
}

/** A column of the policy is taken only where it exists and holds a date or time (type category D). */
const listing = `
  SELECT n.nspname AS schema, c.relname AS relation, c.relkind AS kind,
         c.relpersistence = 'u' AS unlogged,
         (SELECT array_to_json(array_agg(format('%I.%I', ln.nspname, l.relname)))::text
            FROM pg_partition_tree(c.oid) tree JOIN pg_class l ON l.oid = tree.relid
            JOIN pg_namespace ln ON ln.oid = l.relnamespace WHERE l.relkind = 'r') AS leaves,
         (SELECT array_to_json(array_agg(a.attname))::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND t.typcategory = 'D') AS time_columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

const names = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)));

const listed = z.object({
  schema: z.string(),
  relation: z.string(),
  kind: z.enum(['r', 'p']),
  unlogged: z.boolean(),
  leaves: names.nullable(),
  time_columns: names.nullable(),
});

/**
 * Lists the ordinary and partitioned tables of the schemas, sorted by name; partitions are not listed, they count
 * with their root. Foreign partitions hold no rows of this database and are left out. Throws `database-unreachable` (retried) or `database-query-failed`.
 */
export async function listTables(
  session: DatabaseSession,
  schemas: readonly string[],
  timestampColumns: readonly TimestampColumn[],
): Promise<readonly CountedTable[]> {
  const rows = await readRows(session, listed, listing, [schemas]);
  return rows.map((row) => {
    const name = `${row.schema}.${row.relation}`;
    const quoted = `${quoteIdentifier(row.schema)}.${quoteIdentifier(row.relation)}`;
    const column = timestampColumns.find((entry) => entry.table === name)?.column ?? null;
    return {
      name,
      relations: row.kind === 'r' ? [quoted] : (row.leaves ?? []),
      unlogged: row.unlogged,
      timestampColumn:
        column !== null && row.time_columns?.includes(column) === true ? quoteIdentifier(column) : null,
    };
  });
}
