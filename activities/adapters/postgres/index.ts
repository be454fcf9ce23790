import type { Database } from '../../ports.ts';
import { connect } from './connect.ts';
import { tryLogin } from './login.ts';
import { createSession } from './session.ts';

const defaults = { applicationName: 'vendhub-dr', connectTimeoutMs: 10_000, statementTimeoutMs: 0 } as const;

/** How the operator reaches the database. */
export interface PostgresOptions {
  /** Connection string of the operator. A secret: appears in no message. */
  readonly connectionString: string;
  /** As shown in `pg_stat_activity`; `vendhub-dr` by default. */
  readonly applicationName?: string;
  /** How long making a connection may take, in ms; 10 s by default. */
  readonly connectTimeoutMs?: number;
  /** How long one statement may take, in ms; 0, the default, is without limit. */
  readonly statementTimeoutMs?: number;
}

/**
 * PostgreSQL as the operator's {@link Database}. Each session is a connection of its own, closed when its work is
 * done or has failed; nothing is pooled, because a restore ends every connection that was left open.
 *
 * @throws DrError from `session`: `database-unreachable` (retried), `database-login-refused`,
 *   `configuration-invalid`, and whatever the work itself throws
 */
export function createPostgresDatabase(options: PostgresOptions): Database {
  const settings = { ...defaults, ...options };
  return {
    session: async (use) => {
      const client = await connect(settings);
      try {
        return await use(createSession(client));
      } finally {
        await client.end().catch(() => {});
      }
    },
    tryLogin: (connectionString) => tryLogin(connectionString, settings),
  };
}
