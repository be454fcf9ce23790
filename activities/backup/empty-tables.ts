import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { importRefused, type TargetTable } from './import-target.ts';
import { qualifiedName } from './quote.ts';

const wholeRootsSql = `
SELECT n.nspname AS schema, c.relname AS name, c.oid::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'p'
  AND EXISTS (SELECT FROM pg_partition_tree(c.oid) t WHERE t.relid::oid = ANY($1::oid[]))
  AND NOT EXISTS (SELECT FROM pg_partition_tree(c.oid) t WHERE t.isleaf AND t.relid::oid <> ALL($1::oid[]))`;

const referencingSql = `
SELECT DISTINCT format('%s refers to %s', con.conrelid::regclass, con.confrelid::regclass) AS reference
FROM pg_constraint con
WHERE con.contype = 'f' AND con.confrelid = ANY($1::oid[]) AND con.conrelid <> ALL($1::oid[]) ORDER BY 1`;

/**
 * Empties tables within the transaction. Partitioned tables whose partitions are all among them count as listed, since
 * the server does not empty a table that another one refers to.
 *
 * @throws DrError `input-invalid` naming tables that refer to a listed one and are not listed: their rows would be left
 *   without what they refer to
 */
export async function emptyTables(session: DatabaseSession, targets: readonly TargetTable[]): Promise<void> {
  if (targets.length === 0) return;
  const leaves = targets.map(({ oid }) => oid);
  const roots = z
    .array(z.object({ schema: z.string(), name: z.string(), oid: z.string() }))
    .parse((await session.query(wholeRootsSql, [leaves])).rows);
  const all = [...leaves, ...roots.map(({ oid }) => oid)];
  const references = z
    .array(z.object({ reference: z.string() }))
    .parse((await session.query(referencingSql, [all])).rows);
  if (references.length > 0) {
    throw importRefused(
      `Tables that are not loaded refer to some that would be emptied: ${references.map(({ reference }) => reference).join(', ')}.`,
      'Load these tables as well, or use --upsert, which removes no row.',
    );
  }
  const names = [
    ...targets.map((target) => `ONLY ${qualifiedName(target)}`),
    ...roots.map((root) => qualifiedName(root)),
  ];
  await session.query(`TRUNCATE ${names.join(', ')}`);
}
