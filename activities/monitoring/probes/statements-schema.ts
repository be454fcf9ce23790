import { z } from 'zod';
import { readRows } from '../../database/rows.ts';
import type { DatabaseSession } from '../../ports.ts';

const extension = `SELECT quote_ident(n.nspname) AS schema FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`;

/** Where `pg_stat_statements` lies, quoted; undefined where it is not installed. Throws as the session. */
export async function statementsSchema(session: DatabaseSession): Promise<string | undefined> {
  const [found] = await readRows(session, z.object({ schema: z.string() }), extension);
  return found?.schema;
}
