import { z } from 'zod';
import { quoteIdentifier } from '../database/identifiers.ts';
import { readRow, readRows } from '../database/rows.ts';
import { DrError } from '../errors.ts';
import type { Database, DatabaseSession } from '../ports.ts';

/** A server to make databases on. */
export interface TargetServer {
  readonly openDatabase: (connectionString: string) => Database;
  /** Of the database from which others are made; a secret. */
  readonly connectionString: string;
}

/** What was done with a database, and whether it stays. */
export interface Outcome<T> {
  readonly result: T;
  /** Whether one that was made for this is kept. */
  readonly keep: boolean;
}

/** Says that a database is being made, so that one of a run that was killed is known for what it is. */
const underWay = 'vendhub-dr: a restore into this database is under way';
/** Namespace of the advisory locks of running restores. */
const lockClass = 0x76_68_72_69;
const locked = z.object({ locked: z.boolean() });
const known = z.object({ comment: z.string().nullable() });

/**
 * Hands over a database by its name. One that is not there is made, and dropped again when the work fails; what a run that
 * was killed had made of it is dropped first. One that is there is used as it is and never dropped.
 *
 * @throws DrError `attempt-lost` (retried) while another run restores into it; `database-query-failed`,
 *   `database-unreachable` (retried), and what the work throws
 */
export async function withDatabase<T>(
  server: TargetServer,
  name: string,
  use: (target: { readonly connectionString: string; readonly created: boolean }) => Promise<Outcome<T>>,
): Promise<T> {
  const maintenance = server.openDatabase(server.connectionString);
  const connectionString = connectionTo(server.connectionString, name);
  return maintenance.session(async (holder) => {
    await holdName(holder, name);
    const created = await provide(maintenance, name);
    if (!created) return (await use({ connectionString, created })).result;
    try {
      const { result, keep } = await use({ connectionString, created });
      if (keep) await run(maintenance, `COMMENT ON DATABASE ${quoteIdentifier(name)} IS NULL`);
      else await drop(maintenance, name);
      return result;
    } catch (error) {
      // Why the work failed says more than why it could not be dropped; the next restore into this name drops it.
      await drop(maintenance, name).catch(() => undefined);
      throw error;
    }
  });
}

/** The same connection to another database of its server. A secret. */
export function connectionTo(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Whether a database is there that no restore is making. */
async function isThere(session: DatabaseSession, name: string): Promise<boolean> {
  const state = await stateOf(session, name);
  return state !== undefined && state.comment !== underWay;
}

async function stateOf(session: DatabaseSession, name: string) {
  const sql = `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`;
  const [state] = await readRows(session, known, sql, [name]);
  return state;
}

/** The server lets go of the lock when the process dies. */
async function holdName(session: DatabaseSession, name: string): Promise<void> {
  const sql = 'SELECT pg_try_advisory_lock($1::int, hashtext($2)) AS locked';
  if ((await readRow(session, locked, sql, [lockClass, name])).locked) return;
  throw new DrError('attempt-lost', {
    happened: `Another run is restoring into the database ${JSON.stringify(name)} now.`,
    meaning: 'This one has changed nothing.',
    next: 'Wait for the other one, or name another database.',
  });
}

/** @returns whether it was made now */
async function provide(maintenance: Database, name: string): Promise<boolean> {
  return maintenance.session(async (session) => {
    if (await isThere(session, name)) return false;
    await session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
    await session.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`);
    await session.query(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS '${underWay}'`);
    return true;
  });
}

function drop(maintenance: Database, name: string): Promise<void> {
  return run(maintenance, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
}

/** On a connection of its own: the one that holds the lock may have been idle for too long. */
async function run(maintenance: Database, sql: string): Promise<void> {
  await maintenance.session((session) => session.query(sql));
}
