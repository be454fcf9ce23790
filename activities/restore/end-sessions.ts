import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';

/** What became of the sessions of others. */
interface EndedSessions {
  readonly ended: number;
  /** Those that could not be ended, or came back, each in a few words. */
  readonly remaining: readonly string[];
}

/*
 * Ours are told by role and application name together. Where the operator may not see another role's details,
 * PostgreSQL shows them as null.
 */
const othersSql = `
  SELECT pid, coalesce(usename::text, 'unknown') AS role,
    coalesce(host(client_addr), 'an address that is not shown') AS address
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND coalesce(backend_type, 'client backend') = 'client backend'
    AND NOT (usename = current_user
      AND coalesce(application_name, '') = current_setting('application_name'))
  ORDER BY pid`;

const others = z.array(z.object({ pid: z.int(), role: z.string(), address: z.string() }));
const ending = z.tuple([z.object({ ended: z.boolean() })]);

// A session that reconnects at once needs a second round; one that is back after the third has a road of its own.
const rounds = 3;
const waitForEndMs = 5_000;

async function end(session: DatabaseSession, pid: number): Promise<boolean> {
  try {
    const { rows } = await session.query('SELECT pg_terminate_backend($1::int, $2::bigint) AS ended', [
      pid,
      waitForEndMs,
    ]);
    return ending.parse(rows)[0].ended;
  } catch (error) {
    // Sessions of superusers may not be ended by the operator: they are listed instead.
    if (error instanceof DrError && error.type === 'database-query-failed') return false;
    throw error;
  }
}

/** Ends every client session on this database that is not the operator's own; those that stay are named. */
export async function endSessionsOfOthers(session: DatabaseSession): Promise<EndedSessions> {
  let ended = 0;
  for (let round = 0; round < rounds; round += 1) {
    const found = others.parse((await session.query(othersSql)).rows);
    for (const { pid } of found) {
      Context.current().heartbeat();
      if (await end(session, pid)) ended += 1;
    }
  }
  const left = others.parse((await session.query(othersSql)).rows);
  return {
    ended,
    remaining: left.map(({ role, address }) => `an open database session of role ${role} from ${address}`),
  };
}
