import { z } from 'zod';
import { quoteIdentifier } from '../database/identifiers.ts';
import { readRow, readRows } from '../database/rows.ts';
import type { DatabaseSession } from '../ports.ts';

const namePrefix = 'vendhub_restore_test_';
/** Says whose a database is, so that one of a test that was killed is not taken for somebody else's. */
const mark = 'made by the restore test, dropped when it ends';
/** Namespace of the advisory locks of running tests. */
const lockClass = 0x76_68_72_74;
/** A database of this name that bears no mark is left alone for so long, in s. */
const strangersKeptSeconds = 86_400;

const found = z.object({ name: z.string() });
const locked = z.object({ locked: z.boolean() });

/**
 * Databases of restore tests that ended without dropping them. A running test holds an advisory lock; the server
 * lets go of it when the test dies.
 */
const leftovers = `
SELECT datname AS name FROM pg_database
 WHERE datname ~ '^${namePrefix}[0-9]{1,10}$'
   AND (shobj_description(oid, 'pg_database') = $1
        OR split_part(datname, '${namePrefix}', 2)::bigint < extract(epoch FROM now()) - ${strangersKeptSeconds})
   AND NOT EXISTS (
     SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${lockClass} AND granted
        AND objid::bigint = split_part(datname, '${namePrefix}', 2)::bigint)`;

/**
 * Makes an empty database of its own for a restore test, hands its name over, and drops it in every outcome. Before,
 * drops what tests that were killed left behind.
 *
 * @param session on the server's own database, not through a pooler that shares sessions; in use throughout
 * @throws DrError `database-unreachable` (retried), `database-query-failed`, and what the work throws
 */
export async function withTestDatabase<T>(
  session: DatabaseSession,
  use: (database: string) => Promise<T>,
): Promise<T> {
  for (const { name } of await readRows(session, found, leftovers, [mark])) await drop(session, name);
  const second = await reserveSecond(session);
  const name = `${namePrefix}${second}`;
  await session.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`);
  let result: T;
  try {
    await session.query(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS '${mark}'`);
    result = await use(name);
  } catch (error) {
    // Why the test ended says more than why it could not be dropped, and the next test drops it.
    await drop(session, name).catch(() => undefined);
    throw error;
  }
  await drop(session, name);
  return result;
}

/** Two tests that start in the same second get two names. */
async function reserveSecond(session: DatabaseSession): Promise<number> {
  for (let second = Math.floor(Date.now() / 1000); ; second += 1) {
    const sql = 'SELECT pg_try_advisory_lock($1::int, $2::int) AS locked';
    if ((await readRow(session, locked, sql, [lockClass, second])).locked) return second;
  }
}

/** FORCE ends the sessions that a test which was cancelled left behind. */
async function drop(session: DatabaseSession, name: string): Promise<void> {
  await session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
}
