import { z } from 'zod';
import type { FingerprintParts } from '../../workflows/contracts/fingerprint.ts';
import { readRows } from '../database/rows.ts';
import type { Database } from '../ports.ts';
import { hashParts } from './hash-parts.ts';

const partRow = z.object({ part: z.string(), definition: z.string() });

/** One row a table, view or sequence, with everything that belongs to it; and one with the routines of each schema. */
const definitions = `
WITH relations AS (
  SELECT c.oid, n.nspname || '.' || c.relname AS part, c.relkind, c.relrowsecurity
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't')
SELECT part, concat_ws(E'\\n', relkind::text, relrowsecurity::text,
  (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
       a.attidentity, pg_get_expr(d.adbin, d.adrelid)), E'\\n' ORDER BY a.attnum)
   FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
  (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), E'\\n' ORDER BY conname COLLATE "C")
   FROM pg_constraint WHERE conrelid = r.oid),
  (SELECT string_agg(pg_get_indexdef(indexrelid), E'\\n' ORDER BY pg_get_indexdef(indexrelid) COLLATE "C")
   FROM pg_index WHERE indrelid = r.oid),
  (SELECT string_agg(pg_get_triggerdef(oid) || ' ' || tgenabled::text, E'\\n' ORDER BY tgname COLLATE "C")
   FROM pg_trigger WHERE tgrelid = r.oid AND NOT tgisinternal),
  (SELECT string_agg(concat_ws(' ', polname, polcmd, polpermissive, pg_get_expr(polqual, polrelid),
       pg_get_expr(polwithcheck, polrelid)), E'\\n' ORDER BY polname COLLATE "C")
   FROM pg_policy WHERE polrelid = r.oid),
  CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END) AS definition
FROM relations r
UNION ALL
SELECT 'functions of ' || n.nspname,
  string_agg(pg_get_functiondef(p.oid), E'\\n' ORDER BY pg_get_functiondef(p.oid) COLLATE "C")
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY($1::text[]) AND p.prokind IN ('f', 'p', 'w')
GROUP BY n.nspname`;

/**
 * The definition of every table, view and sequence with its columns, keys, indexes, triggers and row policies, and of the
 * functions of each schema.
 *
 * @throws DrError `database-unreachable` (retried), `database-login-refused`, `database-query-failed`
 */
export async function schemaParts(
  database: Pick<Database, 'session'>,
  schemas: readonly string[],
): Promise<FingerprintParts> {
  const rows = await database.session((session) => readRows(session, partRow, definitions, [schemas]));
  return hashParts(Object.fromEntries(rows.map(({ part, definition }) => [part, definition])));
}
