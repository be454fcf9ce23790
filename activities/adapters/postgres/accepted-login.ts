import pg from 'pg';
import type { DatabaseLogins } from '../../ports.ts';
import { type ConnectionSettings, connect } from './connect.ts';

/** SQLSTATE of a wrong password, which is the one refusal that another password can mend. */
const wrongPassword = '28P01';

/** Opens connections by the first of several logins whose password the server accepts, and remembers which that was. */
export interface AcceptedLogin {
  /** Throws as {@link connect} does, and what looking up a later login throws. */
  open(): Promise<{ readonly client: pg.Client; readonly connectionString: string }>;
}

/**
 * @param settings the login that is tried first
 * @param alternatives tried only after a wrong password
 */
export function acceptedLogin(settings: ConnectionSettings, alternatives: DatabaseLogins): AcceptedLogin {
  let accepted = settings.connectionString;
  const candidates = async function* () {
    yield accepted;
    yield settings.connectionString;
    yield* alternatives();
  };
  return {
    async open() {
      const tried = new Set<string>();
      let firstRefusal: unknown;
      for await (const connectionString of candidates()) {
        if (tried.has(connectionString)) continue;
        tried.add(connectionString);
        try {
          const client = await connect({ ...settings, connectionString });
          accepted = connectionString;
          return { client, connectionString };
        } catch (error) {
          if (!isWrongPassword(error)) throw error;
          firstRefusal ??= error;
        }
      }
      throw firstRefusal;
    },
  };
}

function isWrongPassword(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof pg.DatabaseError && cause.code === wrongPassword;
}
