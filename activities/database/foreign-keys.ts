import { z } from 'zod';
import type { VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { DatabaseSession } from '../ports.ts';
import { withHeartbeat } from './heartbeat.ts';
import { quoteIdentifier } from './identifiers.ts';
import { count, readRow, readRows } from './rows.ts';
import { inSavepoint } from './snapshot.ts';
import { describeFailedRead } from './sql-state.ts';

/**
 * The keys of partitions repeat their root's. Temporal keys are left out, an anti-join on equality does not judge
 * them; so are those that are declared as not enforced. Both columns are newer than some servers, hence the JSON.
 */
const listing = `
  SELECT con.conname AS name, format('%s.%s', n.nspname, c.relname) AS "table",
         (CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END) || format('%I.%I', n.nspname, c.relname) AS referencing,
         (CASE f.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END) || format('%I.%I', fn.nspname, f.relname) AS referenced,
         con.confmatchtype = 'f' AS "matchFull",
         (SELECT json_agg(json_build_object('child', ca.attname, 'parent', pa.attname,
                   'equals', format('OPERATOR(%I.%s)', opn.nspname, op.oprname)) ORDER BY pair.position)::text
            FROM unnest(con.conkey, con.confkey, con.conpfeqop) WITH ORDINALITY AS pair (child, parent, eq, position)
            JOIN pg_attribute ca ON ca.attrelid = con.conrelid AND ca.attnum = pair.child
            JOIN pg_attribute pa ON pa.attrelid = con.confrelid AND pa.attnum = pair.parent
            JOIN pg_operator op ON op.oid = pair.eq JOIN pg_namespace opn ON opn.oid = op.oprnamespace) AS pairs
    FROM pg_constraint con
    JOIN pg_class c ON c.oid = con.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class f ON f.oid = con.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
   WHERE con.contype = 'f' AND con.conparentid = 0 AND n.nspname = ANY ($1::text[])
     AND NOT coalesce((to_jsonb(con)->>'conperiod')::boolean, false)
     AND coalesce((to_jsonb(con)->>'conenforced')::boolean, true)
   ORDER BY 2, 1`;

const pair = z.object({ child: z.string(), parent: z.string(), equals: z.string() });

const foreignKey = z.object({
  name: z.string(),
  table: z.string(),
  referencing: z.string(),
  referenced: z.string(),
  matchFull: z.boolean(),
  pairs: z.string().transform((text) => z.array(pair).min(1).parse(JSON.parse(text))),
});

function orphansQuery(key: z.output<typeof foreignKey>): string {
  const given = key.pairs.map(({ child }) => `child.${quoteIdentifier(child)} IS NOT NULL`);
  const matches = key.pairs.map(
    ({ child, parent, equals }) =>
      `parent.${quoteIdentifier(parent)} ${equals} child.${quoteIdentifier(child)}`,
  );
  // MATCH FULL wants all columns or none; otherwise a row with any NULL among them refers to nothing.
  const refers = given.join(key.matchFull ? ' OR ' : ' AND ');
  return `SELECT count(*) AS orphans FROM ${key.referencing} AS child WHERE (${refers})
    AND NOT EXISTS (SELECT FROM ${key.referenced} AS parent WHERE ${matches.join(' AND ')})`;
}

/**
 * Looks, for every foreign key of the schemas, for rows that refer to nothing. The catalogue's word that a key is
 * valid is not taken: it says what was true when the row was written, not whether the other page can still be read.
 *
 * @returns one check per key
 * @throws DrError `database-unreachable` (retried), `database-query-failed` where the keys cannot be listed
 */
export async function checkForeignKeys(
  session: DatabaseSession,
  schemas: readonly string[],
): Promise<readonly VerificationCheck[]> {
  const checks: VerificationCheck[] = [];
  for (const key of await readRows(session, foreignKey, listing, [schemas])) {
    const check = {
      name: `foreign key ${key.name} of ${key.table}`,
      advisory: false,
      expected: '0 rows that refer to nothing',
    };
    try {
      const { orphans } = await withHeartbeat(`checking ${check.name}`, () =>
        inSavepoint(session, () => readRow(session, z.object({ orphans: count }), orphansQuery(key))),
      );
      checks.push({ ...check, passed: orphans === 0, found: `${orphans} rows that refer to nothing` });
    } catch (error) {
      checks.push({ ...check, passed: false, found: describeFailedRead(error) });
    }
  }
  return checks;
}
