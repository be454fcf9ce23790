import { z } from 'zod';
import type { SecurityBaseline, SecurityDifference } from '../../workflows/contracts/security.ts';
import { readGrants } from '../database/grants.ts';
import { readRow } from '../database/rows.ts';
import type { DatabaseSession } from '../ports.ts';
import { granteeOf, meetsPattern, revocation } from './grant-lines.ts';

/** More than any database that is looked at here has; a guard against an answer without an end. */
const mostGrants = 100_000;
const me = z.object({ name: z.string() });

/** Grants that are there and must not be. Throws `database-unreachable` (retried) or `database-query-failed`. */
export async function compareGrants(
  session: DatabaseSession,
  { schemas, absentGrants }: SecurityBaseline,
): Promise<readonly SecurityDifference[]> {
  const { name } = await readRow(session, me, 'SELECT current_user::regrole::text AS name');
  const lines = await readGrants(session, schemas, mostGrants);
  return lines
    .filter((line) => absentGrants.some((pattern) => meetsPattern(line, pattern)))
    .map((line) => ({
      about: 'grant',
      what: line,
      found: 'granted',
      wanted: 'not granted',
      needsPerson: whyByPerson(line, name),
    }));
}

function whyByPerson(line: string, operator: string): string | null {
  if (granteeOf(line) === operator) return 'the recovery itself lives by this role';
  return revocation(line) === undefined ? 'this version cannot take it back' : null;
}

/** Takes grants back. A grant of somebody else's stays, which the next comparison shows. Throws as the session. */
export async function revokeGrants(
  session: DatabaseSession,
  differences: readonly SecurityDifference[],
): Promise<void> {
  for (const { what } of differences) {
    const statement = revocation(what);
    if (statement !== undefined) await session.query(statement);
  }
}
