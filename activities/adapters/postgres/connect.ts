import pg from 'pg';
import { DrError } from '../../errors.ts';
import { toDrError } from './failures.ts';
import { createReadingSocket } from './reading-socket.ts';
import { exactTypes } from './types.ts';

/** How one connection is made. */
export interface ConnectionSettings {
  /** A secret: appears in no message. */
  readonly connectionString: string;
  readonly applicationName: string;
  /** How long making the connection may take, in ms. */
  readonly connectTimeoutMs: number;
  /** How long one statement may take, in ms; 0 is without limit. */
  readonly statementTimeoutMs: number;
}

/** How much longer than the server's own limit the client waits, in ms: the server should be the one to say it. */
const answerGraceMs = 5_000;

/** A server that vanished without a word is noticed by its silence to probes, which begin after that long, in ms. */
const keepAliveDelayMs = 10_000;

/**
 * Set by a statement and not as a startup option: connection poolers refuse startup options they do not know.
 * Together they make every value's text exact and independent of the server's configuration.
 */
const exactText = `SELECT set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false),
  set_config('intervalstyle', 'postgres', false), set_config('extra_float_digits', '3', false),
  set_config('bytea_output', 'hex', false), set_config('statement_timeout', $1, false)`;

/** Without a cause: what the parser throws holds the connection string. */
function connectionStringUnreadable(): DrError {
  return new DrError('configuration-invalid', {
    happened: 'A database connection string cannot be read.',
    meaning: 'No connection can be made with it; trying again would not help.',
    next: 'Expected is postgresql://user:password@host:port/database, with special characters percent-encoded.',
  });
}

/**
 * Opens one connection. The caller ends it.
 *
 * @throws DrError `database-unreachable` (retried), `database-login-refused`, `configuration-invalid`
 */
export async function connect(settings: ConnectionSettings): Promise<pg.Client> {
  let client: pg.Client;
  try {
    client = new pg.Client({
      connectionString: settings.connectionString,
      application_name: settings.applicationName,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveDelayMs,
      types: exactTypes,
      stream: createReadingSocket,
      ...(settings.statementTimeoutMs > 0 && {
        query_timeout: settings.statementTimeoutMs + answerGraceMs,
      }),
    });
  } catch {
    throw connectionStringUnreadable();
  }
  // A server that goes away between two statements is reported here; the next statement fails on its own.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(exactText, [String(settings.statementTimeoutMs)]);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw toDrError(error);
  }
}
