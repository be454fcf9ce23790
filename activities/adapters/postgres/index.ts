import type { Database, DatabaseLogins } from '../../ports.ts';
import { acceptedLogin } from './accepted-login.ts';
import { tryLogin } from './login.ts';
import { createSession } from './session.ts';

const defaults = { applicationName: 'vendhub-dr', connectTimeoutMs: 10_000, statementTimeoutMs: 0 } as const;

/** How the operator reaches the database. */
export interface PostgresOptions {
  /** Connection string of the operator. A secret: appears in no message. */
  readonly connectionString: string;
  /** Tried in their order where the password of the connection string is refused; none by default. */
  readonly alternatives?: DatabaseLogins;
  /** As shown in `pg_stat_activity`; `vendhub-dr` by default. */
  readonly applicationName?: string;
  /** How long making a connection may take, in ms; 10 s by default. */
  readonly connectTimeoutMs?: number;
  /** How long one statement may take, in ms; 0, the default, is without limit. */
  readonly statementTimeoutMs?: number;
}

/** The database with the login that it accepts. */
export interface OperatorDatabase extends Database {
  /** The connection string that is accepted at present: a secret, for PostgreSQL's own programs. Throws as `session`. */
  acceptedConnectionString(): Promise<string>;
}

const noAlternatives: DatabaseLogins = async function* () {};

/**
 * PostgreSQL as the operator's {@link Database}. Each session is a connection of its own, closed when its work is
 * done or has failed; nothing is pooled, because a restore ends every connection that was left open.
 *
 * @throws DrError from `session`: `database-unreachable` (retried), `database-login-refused`,
 *   `configuration-invalid`, and whatever the work itself throws
 */
export function createPostgresDatabase(options: PostgresOptions): OperatorDatabase {
  const { alternatives = noAlternatives, ...given } = options;
  const settings = { ...defaults, ...given };
  const login = acceptedLogin(settings, alternatives);
  return {
    session: async (use) => {
      const { client } = await login.open();
      try {
        return await use(createSession(client));
      } finally {
        await client.end().catch(() => {});
      }
    },
    acceptedConnectionString: async () => {
      const { client, connectionString } = await login.open();
      await client.end().catch(() => {});
      return connectionString;
    },
    tryLogin: (connectionString) => tryLogin(connectionString, settings),
  };
}
