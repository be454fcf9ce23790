import { z } from 'zod';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { Invariant } from '../../workflows/contracts/policy.ts';
import { checkForeignKeys } from '../database/foreign-keys.ts';
import { quoteTable } from '../database/identifiers.ts';
import { checkInvariants } from '../database/invariants.ts';
import { count, readRow } from '../database/rows.ts';
import { inSavepoint, inSnapshot } from '../database/snapshot.ts';
import { describeFailedRead } from '../database/sql-state.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import type { BackedUpTable } from '../restore-into/backup-source.ts';
import { compareContents } from '../restore-into/compare-contents.ts';
import { readRowsAgain } from '../restore-into/read-rows-again.ts';
import type { RestoredBackup } from '../restore-into/restore-export.ts';

/** What a restored database must meet. */
export interface RestoredExpectation {
  readonly schemas: readonly string[];
  readonly invariants: readonly Invariant[];
  /** `schema.table` of the users. */
  readonly usersTable: string;
  /** The procedure wants 100. */
  readonly minimumUsers: number;
}

/**
 * Looks whether a restored database holds what the backup and its manifest say, and what the policy wants. Every row is
 * read again. Failed checks are results, not errors.
 *
 * @throws DrError `database-unreachable` (retried), `database-query-failed` where nothing can be read
 */
export async function checkRestored(
  database: Database,
  promised: readonly BackedUpTable[],
  { read, readRows }: RestoredBackup,
  expectation: RestoredExpectation,
  progress: (doing: string) => void,
): Promise<OperationCheck[]> {
  progress('reading every row again');
  const restored = await readRowsAgain(database, expectation.schemas);
  progress('checking foreign keys and invariants');
  const contents = compareContents({ promised, read, readRows, restored });
  return await database.session((session) =>
    inSnapshot(session, async () => [
      await checkUsers(session, expectation),
      ...contents,
      ...(await checkForeignKeys(session, expectation.schemas)),
      ...(await checkInvariants(session, expectation.invariants)),
    ]),
  );
}

async function checkUsers(
  session: DatabaseSession,
  { usersTable, minimumUsers }: RestoredExpectation,
): Promise<OperationCheck> {
  const check = { name: 'users', expected: `at least ${minimumUsers}` };
  try {
    const sql = `SELECT count(*) AS users FROM ${quoteTable(usersTable)}`;
    const { users } = await inSavepoint(session, () => readRow(session, z.object({ users: count }), sql));
    return { ...check, passed: users >= minimumUsers, found: `${users}` };
  } catch (error) {
    return { ...check, passed: false, found: describeFailedRead(error) };
  }
}
