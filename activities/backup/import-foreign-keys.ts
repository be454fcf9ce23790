import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import type { TargetTable } from './import-target.ts';

const foreignKey = z.object({
  name: z.string(),
  /** Quoted, with its schema. */
  table: z.string(),
  referencing: z.string(),
  referenced: z.string(),
  given: z.string(),
  matches: z.string(),
  deferrable: z.boolean(),
  valid: z.boolean(),
  temporal: z.boolean(),
});

/** A foreign key that has a loaded table on either side, with what a query on it needs, quoted. */
export type LoadedForeignKey = z.infer<typeof foreignKey>;

/**
 * A key of a partitioned table stands for those of its partitions. MATCH FULL wants all columns or none; otherwise a
 * row with any NULL among them refers to nothing. Two columns are newer than some servers, hence the JSON.
 */
const listing = `
WITH loaded AS (SELECT oid FROM unnest($1::oid[]) AS oid
  UNION SELECT relid FROM unnest($1::oid[]) AS leaf (oid), pg_partition_ancestors(leaf.oid))
SELECT con.conname AS name, format('%I.%I', n.nspname, c.relname) AS "table",
  (CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END) || format('%I.%I', n.nspname, c.relname) AS referencing,
  (CASE f.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END) || format('%I.%I', fn.nspname, f.relname) AS referenced,
  string_agg(format('child.%I IS NOT NULL', ca.attname), CASE con.confmatchtype WHEN 'f' THEN ' OR ' ELSE ' AND ' END) AS given,
  string_agg(format('parent.%I OPERATOR(%I.%s) child.%I', pa.attname, opn.nspname, op.oprname, ca.attname), ' AND ') AS matches,
  con.condeferrable AS deferrable, con.convalidated AS valid,
  coalesce((to_jsonb(con)->>'conperiod')::boolean, false) AS temporal
FROM pg_constraint con
CROSS JOIN LATERAL unnest(con.conkey, con.confkey, con.conpfeqop) AS pair (child, parent, equals)
JOIN pg_class c ON c.oid = con.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class f ON f.oid = con.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
JOIN pg_attribute ca ON ca.attrelid = con.conrelid AND ca.attnum = pair.child
JOIN pg_attribute pa ON pa.attrelid = con.confrelid AND pa.attnum = pair.parent
JOIN pg_operator op ON op.oid = pair.equals JOIN pg_namespace opn ON opn.oid = op.oprnamespace
WHERE con.contype = 'f' AND con.conparentid = 0 AND coalesce((to_jsonb(con)->>'conenforced')::boolean, true)
  AND (con.conrelid IN (SELECT oid FROM loaded) OR con.confrelid IN (SELECT oid FROM loaded))
GROUP BY con.oid, con.conname, n.nspname, c.relname, c.relkind, fn.nspname, f.relname, f.relkind, con.confmatchtype,
  con.condeferrable, con.convalidated
ORDER BY 2, 1`;

/** Lists the foreign keys from and to the tables. */
export async function foreignKeysOf(
  session: DatabaseSession,
  targets: readonly TargetTable[],
): Promise<readonly LoadedForeignKey[]> {
  const { rows } = await session.query(listing, [targets.map(({ oid }) => oid)]);
  return z.array(foreignKey).parse(rows);
}

/**
 * SQL that gives a row when some row refers to nothing. It counts them all: with a LIMIT the planner hopes to be done
 * soon and looks each row up by the index, which was measured at three times the time when none is missing.
 */
export function orphanQuery({ referencing, referenced, given, matches }: LoadedForeignKey): string {
  return `SELECT FROM ${referencing} AS child WHERE (${given})
    AND NOT EXISTS (SELECT FROM ${referenced} AS parent WHERE ${matches}) HAVING count(*) > 0`;
}
