import { z } from 'zod';
import { checkNames } from '../../workflows/contracts/check-names.ts';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import { quoteTable } from '../database/identifiers.ts';
import { DrError } from '../errors.ts';
import type { Database } from '../ports.ts';

/** What the database must hold. */
export interface DatabaseExpectation {
  /** `schema.table` of the users. */
  readonly usersTable: string;
  readonly minimumUsers: number;
}

const counted = z.tuple([z.object({ users: z.coerce.number().int() })]);

/**
 * Asks the database for the number of users, as the procedure's validation script does. A database that does not answer
 * is a failed check, not an error.
 */
export async function checkDatabase(
  database: Database,
  { usersTable, minimumUsers }: DatabaseExpectation,
): Promise<readonly OperationCheck[]> {
  const expected = `an answer, and at least ${minimumUsers} users`;
  try {
    const users = await database.session(async (session) => {
      const { rows } = await session.query(`SELECT count(*)::text AS users FROM ${quoteTable(usersTable)}`);
      return counted.parse(rows)[0].users;
    });
    return [{ name: checkNames.database, passed: users >= minimumUsers, found: `${users} users`, expected }];
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    return [{ name: checkNames.database, passed: false, found: error.explanation.happened, expected }];
  }
}
