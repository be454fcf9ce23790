import { z } from 'zod';
import type { DatabaseSession } from '../ports.ts';
import { readRow } from './rows.ts';
import { computeScramVerifier } from './scram-verifier.ts';

/**
 * Sets the password of a role. The password itself is in no statement, and so in no log of the server.
 *
 * @throws DrError `database-unreachable` (retried) or `database-query-failed`
 */
export async function setRolePassword(
  session: DatabaseSession,
  role: string,
  password: string,
): Promise<void> {
  const { statement } = await readRow(
    session,
    z.object({ statement: z.string() }),
    `SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text) AS statement`,
    [role, await computeScramVerifier(password)],
  );
  await session.query(statement);
}
