import { z } from 'zod';
import type { SecurityBaseline, SecurityDifference } from '../../workflows/contracts/security.ts';
import { quoteTable } from '../database/identifiers.ts';
import { readRows } from '../database/rows.ts';
import type { DatabaseSession } from '../ports.ts';

const found = z.object({ name: z.string(), on: z.boolean(), policies: z.boolean() });
const sql = `SELECT wanted AS name, c.relrowsecurity AS on, EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
  FROM unnest($1::text[], $2::text[]) AS asked (wanted, quoted) JOIN pg_class c ON c.oid = to_regclass(quoted)`;

/** Tables without the row-level security that is wanted. Throws `database-unreachable` (retried), `database-query-failed`. */
export async function compareRowSecurity(
  session: DatabaseSession,
  { rowSecurity }: SecurityBaseline,
): Promise<readonly SecurityDifference[]> {
  const tables = await readRows(session, found, sql, [rowSecurity, rowSecurity.map(quoteTable)]);
  return rowSecurity.flatMap((name): SecurityDifference[] => {
    const table = tables.find((candidate) => candidate.name === name);
    if (table?.on) return [];
    const difference = { about: 'row-security', what: name, wanted: 'row-level security' } as const;
    if (table === undefined) {
      return [{ ...difference, found: 'no such table', needsPerson: 'the table is not there' }];
    }
    const needsPerson = table.policies ? null : 'it has no policy: nobody but its owner would see a row';
    return [{ ...difference, found: 'none', needsPerson }];
  });
}

/** Switches row-level security on. Throws as the session. */
export async function enableRowSecurity(
  session: DatabaseSession,
  differences: readonly SecurityDifference[],
): Promise<void> {
  for (const { what } of differences) {
    await session.query(`ALTER TABLE ${quoteTable(what)} ENABLE ROW LEVEL SECURITY`);
  }
}
