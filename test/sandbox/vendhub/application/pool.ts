import { Pool } from 'pg';
import type { VendHubConfiguration } from './configuration.ts';
import { LocalAddressSocket } from './local-address-socket.ts';
import { describeError, type Log } from './log.ts';

const queryTimeoutMs = 2_000;
const connectTimeoutMs = 1_000;

/**
 * The application's connections. They survive a restart of the database: a broken one is logged and replaced at the
 * next use. A query ends after 2 s, waiting for a connection after 1 s, so that `/health` answers in time.
 */
export function createPool(configuration: VendHubConfiguration, log: Log): Pool {
  const from = configuration.VENDHUB_LOCAL_ADDRESS;
  const pool = new Pool({
    connectionString: configuration.DATABASE_URL,
    application_name: 'vendhub',
    max: 5,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    statement_timeout: queryTimeoutMs,
    ...(from === undefined ? {} : { stream: () => new LocalAddressSocket(from) }),
  });
  pool.on('error', (error) => log('warn', 'database connection lost', { reason: describeError(error) }));
  return pool;
}
