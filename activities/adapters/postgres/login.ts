import pg from 'pg';
import type { Database } from '../../ports.ts';
import { connect } from './connect.ts';
import { isTurnedAwayByAccessList } from './failures.ts';

/** Wrong password, a role that may not log in, a role that may not connect to this database. */
const loginStates = new Set(['28P01', '28000', '42501']);

/**
 * Tries one login and closes at once.
 *
 * @param connectionString a secret: appears nowhere
 * @param options.connectTimeoutMs how long the try may take, in ms
 * @returns `refused` only where the server looked at the login and said no; being turned away by the access list,
 *   a missing database, a full server or a broken line are `unreachable`: they say nothing about the password
 */
export async function tryLogin(
  connectionString: string,
  options: { readonly applicationName: string; readonly connectTimeoutMs: number },
): ReturnType<Database['tryLogin']> {
  try {
    const client = await connect({
      ...options,
      connectionString,
      statementTimeoutMs: options.connectTimeoutMs,
    });
    await client.end();
    return 'accepted';
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (isTurnedAwayByAccessList(cause)) return 'unreachable';
    if (cause instanceof pg.DatabaseError && loginStates.has(cause.code ?? '')) return 'refused';
    return 'unreachable';
  }
}
