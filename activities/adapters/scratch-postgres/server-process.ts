import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresFailed } from './postgres-failed.ts';
import type { ServerAccount, ServerLayout } from './server-layout.ts';
import { until } from './until.ts';

const startDeadlineMs = 120_000;
const fastStopDeadlineMs = 30_000;
const immediateStopDeadlineMs = 10_000;

/** How a server is asked to stop: `fast` archives all WAL first, `immediate` is a crash. */
export type StopMode = 'fast' | 'immediate';

/** One run of the postmaster. */
export interface ServerProcess {
  readonly pid: number;
  readonly running: () => boolean;
  /** Resolves when the server accepts writes. @throws PostgresFailed when it exits before, with its log's tail */
  readonly untilReady: () => Promise<void>;
  /** Resolves when it is gone. @returns whether it ended in order, so that all its WAL was archived */
  readonly stop: (mode: StopMode) => Promise<boolean>;
}

/**
 * Spawns a postmaster of its own process group, so that Ctrl-C in a terminal reaches the owner only.
 *
 * @param settings settings of this run alone, as `name=value`
 */
export function spawnServer(
  binFolder: string,
  layout: ServerLayout,
  account: ServerAccount | undefined,
  settings: readonly string[] = [],
): ServerProcess {
  const log = openSync(layout.log, 'a', 0o600);
  const logStart = statSync(layout.log).size;
  const parameters = [`config_file=${layout.configuration}`, ...settings].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const child = spawn(join(binFolder, 'postgres'), parameters, {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new PostgresFailed(`${join(binFolder, 'postgres')} could not be started.`);
  writeFileSync(layout.serverPid, String(pid));
  child.unref();
  const running = () => child.exitCode === null && child.signalCode === null;
  const gone = once(child, 'exit').then(() => rmSync(layout.serverPid, { force: true }));
  return {
    pid,
    running,
    untilReady: () =>
      until('PostgreSQL accepts connections', startDeadlineMs, () => {
        if (running()) return postmasterState(layout) === 'ready' || undefined;
        throw new PostgresFailed(`PostgreSQL ended while starting.\n${logSince(layout.log, logStart)}`);
      }).then(() => undefined),
    stop: async (mode) => {
      if (running()) await stopChild(child, mode);
      await gone;
      return child.exitCode === 0;
    },
  };
}

async function stopChild(child: ChildProcess, mode: StopMode): Promise<void> {
  const steps: readonly (readonly [NodeJS.Signals, number])[] = [
    ...(mode === 'fast' ? ([['SIGINT', fastStopDeadlineMs]] as const) : []),
    ['SIGQUIT', immediateStopDeadlineMs],
    ['SIGKILL', immediateStopDeadlineMs],
  ];
  for (const [signal, deadlineMs] of steps) {
    child.kill(signal);
    const ended = await until(`PostgreSQL ends after ${signal}`, deadlineMs, () => {
      return child.exitCode !== null || child.signalCode !== null || undefined;
    }).catch(() => false);
    if (ended) return;
  }
  throw new PostgresFailed(`PostgreSQL (process ${child.pid}) could not be stopped.`);
}

/** The state that the postmaster writes on line 8 of its pid file: starting, standby, ready, stopping. */
function postmasterState(layout: ServerLayout): string | undefined {
  const file = join(layout.data, 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n')[7]?.trim() : undefined;
}

function logSince(log: string, offset: number): string {
  return readFileSync(log).subarray(offset).toString('utf8').split('\n').slice(-12).join('\n');
}
