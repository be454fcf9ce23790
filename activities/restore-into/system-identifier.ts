import { z } from 'zod';
import { readRow } from '../database/rows.ts';
import type { DatabaseSession } from '../ports.ts';

const identity = z.object({ id: z.string() });

/**
 * Reads the number that a cluster keeps from its making on, by whatever name or pooler it is reached. Copies of its files
 * have the same one.
 *
 * @throws DrError `database-query-failed` where the operator may not ask, `database-unreachable` (retried)
 */
export async function systemIdentifier(session: DatabaseSession): Promise<string> {
  const sql = 'SELECT system_identifier::text AS id FROM pg_control_system()';
  return (await readRow(session, identity, sql)).id;
}
