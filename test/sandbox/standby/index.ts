import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import { startEverythingFault } from '../drills/index.ts';
import type { SandboxProduction } from '../index.ts';
import { startSandboxPostgres } from '../postgres/index.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import { freeServerPort } from '../process/free-port.ts';
import { programArguments } from '../process/typescript-program.ts';
import { applicationProgram } from '../vendhub/application-program.ts';
import { type FrontDoor, startFrontDoor } from './front-door.ts';

/** A second home for production, at nobody's provider. */
export interface SandboxStandby {
  readonly postgres: SandboxPostgres;
  readonly frontDoor: FrontDoor;
  /** Where the standby application answers, without a path. */
  readonly applicationUrl: string;
  /** Variables of a worker that knows it, and may take production away in a drill. Hold secrets. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts a plain PostgreSQL, the commands that start and stop an application beside it, and a front door that leads to
 * production until it is told otherwise.
 *
 * @param options.serverFolder the server's own; other files are put into the sandbox's folder
 */
export async function startSandboxStandby(options: {
  readonly production: Pick<SandboxProduction, 'folder' | 'postgres' | 'railway' | 'supabase'>;
  readonly serverFolder: string;
}): Promise<SandboxStandby> {
  const { production, serverFolder } = options;
  const { folder } = production;
  const { path: binFolder } = await locatePostgres();
  const postgres = await startSandboxPostgres({ folder: serverFolder, binFolder });
  const frontDoor = await startFrontDoor(production.railway.applicationUrl);
  const port = await freeServerPort();
  const applicationUrl = `http://127.0.0.1:${port}`;
  const lifeline = join(folder, 'standby.lifeline');
  await execa('mkfifo', [lifeline]);
  // The application ends with this end of the pipe: nothing is left running when this process is killed.
  const held = await open(lifeline, 'r+');
  const everything = await startEverythingFault({ production, frontDoor });
  const commands = standbyCommands({ folder, lifeline, port, frontDoor, applicationUrl });
  return {
    postgres,
    frontDoor,
    applicationUrl,
    environment: {
      STANDBY_DATABASE_URL: postgres.connectionString(postgres.superuser, 'postgres'),
      STANDBY_START_COMMAND: commands.start,
      STANDBY_STOP_COMMAND: commands.stop,
      STANDBY_HEALTH_URL: `${applicationUrl}/health`,
      SWITCH_OVER_COMMAND: commands.switchOver,
      APPLICATION_HEALTH_URL: `${frontDoor.url}/health`,
      ...everything.environment,
    },
    stop: async () => {
      await execa('sh', ['-c', commands.stop]);
      await held.close();
      await everything.stop();
      await frontDoor.stop();
      await postgres.dispose();
    },
  };
}

function standbyCommands(parts: {
  readonly folder: string;
  readonly lifeline: string;
  readonly port: number;
  readonly frontDoor: FrontDoor;
  readonly applicationUrl: string;
}): { readonly start: string; readonly stop: string; readonly switchOver: string } {
  const pidFile = join(parts.folder, 'standby.pid');
  const log = join(parts.folder, 'standby.log');
  const stop = `[ ! -f ${pidFile} ] || { kill "$(cat ${pidFile})" 2>/dev/null; while kill -0 "$(cat ${pidFile})" 2>/dev/null; do sleep 0.1; done; rm -f ${pidFile}; }`;
  const node = [process.execPath, ...programArguments(applicationProgram)].join(' ');
  return {
    start: [
      `${stop}`,
      'set -a',
      '. "$STANDBY_VARIABLES_FILE"',
      `PORT=${parts.port} VENDHUB_VERSION=standby VENDHUB_EXIT_WITH_STDIN=1 TSX_DISABLE_CACHE=1`,
      'set +a',
      `${node} <${parts.lifeline} >${log} 2>&1 &`,
      `echo $! >${pidFile}`,
    ].join('\n'),
    stop,
    switchOver: `${process.execPath} -e "fetch('${parts.frontDoor.controlUrl}', { method: 'PUT', body: '${parts.applicationUrl}' }).then((answer) => process.exit(answer.ok ? 0 : 1))"`,
  };
}
