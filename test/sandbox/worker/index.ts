import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programArguments } from '../process/typescript-program.ts';

/** A worker in a process of its own. */
export interface SandboxWorker {
  readonly processId: number;
  /** Sends a signal, such as SIGKILL, SIGSTOP or SIGCONT. */
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<void>;
  /** Drains it, and kills it when that takes longer than a few seconds. */
  stop(): Promise<void>;
}

/** Path of the worker's main file. */
export const workerProgram = fileURLToPath(new URL('main.ts', import.meta.url));

const drainMs = 5_000;

/**
 * Starts a worker and resolves when it polls.
 *
 * @param options.environment configuration of the worker, as `SandboxProduction.environment` gives it
 * @throws Error when it ends before it polls; its log is in `<folder>/worker.log`
 */
export async function startSandboxWorker(options: {
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}): Promise<SandboxWorker> {
  const log = await open(join(options.folder, 'worker.log'), 'a');
  const child: ChildProcess = spawn(process.execPath, programArguments(workerProgram), {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: process.env['TMPDIR'],
      TSX_DISABLE_CACHE: '1',
      ...options.environment,
    },
    stdio: ['pipe', 'pipe', log.fd],
  });
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);
  const ended = once(child, 'exit').then(async () => {
    process.off('exit', killWithParent);
    await log.close();
  });
  const { stdout, pid } = child;
  if (stdout === null || pid === undefined) throw new Error('The worker could not be started.');
  await Promise.race([
    once(stdout, 'data'),
    ended.then(() => {
      throw new Error(`The worker ended before it polled; see ${options.folder}/worker.log.`);
    }),
  ]);
  return {
    processId: pid,
    signal: (name) => child.kill(name),
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return ended;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), drainMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
