import { serve } from '@hono/node-server';
import { createApi } from './api.ts';
import { readConfiguration } from './configuration.ts';
import { startDispenser } from './dispenser.ts';
import { createLog } from './log.ts';
import { createPool } from './pool.ts';
import { versionBehaviour } from './version-behaviour.ts';

const shutdownMs = 3_000;

const log = createLog(process.env['VENDHUB_VERSION'] ?? 'v1');
const read = readConfiguration(process.env);
if ('problems' in read) {
  log('error', 'configuration invalid', { problems: read.problems });
  process.exit(1);
}
const { configuration } = read;

const behaviour = versionBehaviour(configuration.VENDHUB_VERSION, log);
behaviour.beforeStart();

const pool = createPool(configuration, log);
const stopDispenser = startDispenser(pool, configuration.VENDHUB_DISPENSE_RECORD, log);
const server = serve(
  { fetch: createApi(pool, behaviour, log).fetch, hostname: '127.0.0.1', port: configuration.PORT },
  ({ port }) => log('info', 'listening', { port }),
);
server.on('error', (error) => {
  log('error', 'cannot listen', { reason: error.message });
  process.exit(1);
});

let stopping = false;

async function stop(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log('info', 'stopping', { reason });
  setTimeout(() => process.exit(1), shutdownMs).unref();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  await Promise.all([closed, stopDispenser()]);
  await pool.end();
  log('info', 'stopped');
  process.exit(0);
}

process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
if (configuration.VENDHUB_EXIT_WITH_STDIN === '1') {
  // A supervisor that was killed can send no signal; its end of the pipe closes all the same.
  process.stdout.on('error', () => process.exit(1));
  process.stdin.on('close', () => void stop('supervisor gone')).resume();
}
