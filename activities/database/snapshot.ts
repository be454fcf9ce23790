import type { DatabaseSession } from '../ports.ts';

/**
 * Every row is read from the table itself: a page of zeros is silent, and a count by index would still give the old
 * number. With `row_security` off a table whose policies would hide rows is an error, not a smaller count.
 */
const readTablesThemselves = `SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;
  SET LOCAL enable_bitmapscan = off; SET LOCAL row_security = off`;

/**
 * Runs reads in one repeatable-read, read-only transaction: all of them see the same moment, and no transaction id is
 * taken. Throws what the work throws.
 */
export async function inSnapshot<T>(session: DatabaseSession, read: () => Promise<T>): Promise<T> {
  await session.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    await session.query(readTablesThemselves);
    const result = await read();
    await session.query('COMMIT');
    return result;
  } catch (error) {
    // The connection may be gone; what matters is the first error.
    await session.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Runs a read that may fail without ending the transaction around it. Throws what the read throws. */
export async function inSavepoint<T>(session: DatabaseSession, read: () => Promise<T>): Promise<T> {
  await session.query('SAVEPOINT attempt');
  try {
    const result = await read();
    await session.query('RELEASE SAVEPOINT attempt');
    return result;
  } catch (error) {
    await session.query('ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt').catch(() => {});
    throw error;
  }
}
