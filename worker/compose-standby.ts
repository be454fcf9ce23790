import { resolve } from 'node:path';
import { createHttpProbe } from '../activities/adapters/http-probe/index.ts';
import { createOperatorCommand } from '../activities/adapters/operator-command/index.ts';
import { createPostgresDatabase } from '../activities/adapters/postgres/index.ts';
import type { StandbyEnvironment } from '../activities/standby/dependencies.ts';
import type { Configuration } from './configuration.ts';

/** How long one health probe may take, ms. */
const probeTimeoutMs = 3_000;
/** How long a command of the operator's may take: an image may have to be fetched first. */
const commandTimeoutMs = 15 * 60_000;

/** The standby environment that the configuration names; null where it names none. */
export function composeStandby(configuration: Configuration): StandbyEnvironment | null {
  const {
    STANDBY_DATABASE_URL: databaseUrl,
    STANDBY_START_COMMAND: start,
    STANDBY_STOP_COMMAND: stop,
    STANDBY_HEALTH_URL: healthUrl,
    SWITCH_OVER_COMMAND: switchOver,
  } = configuration;
  if (
    databaseUrl === undefined ||
    start === undefined ||
    stop === undefined ||
    healthUrl === undefined ||
    switchOver === undefined
  ) {
    return null;
  }
  const command = (commandLine: string, purpose: string) =>
    createOperatorCommand({ command: commandLine, purpose, timeoutMs: commandTimeoutMs });
  return {
    databaseUrl,
    openDatabase: (connectionString) => createPostgresDatabase({ connectionString }),
    start: command(start, 'start the standby application'),
    stop: command(stop, 'stop the standby application'),
    probe: createHttpProbe({ healthUrl, timeoutMs: probeTimeoutMs }),
    switchOver: command(switchOver, 'direct users to the standby application'),
    folder: resolve(configuration.BACKUP_FOLDER, '.standby'),
  };
}
