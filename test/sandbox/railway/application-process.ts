import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { programArguments } from '../process/typescript-program.ts';
import { applicationProgram } from '../vendhub/application-program.ts';
import { applicationLocalAddress } from '../vendhub/local-address.ts';

/** How long the application has between SIGTERM and SIGKILL, in ms. */
const graceMs = 5_000;

/** A VendHub process. */
export interface ApplicationProcess {
  readonly pid: number | undefined;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** SIGTERM, SIGKILL after the grace, and the wait for its end. */
  terminate(): Promise<void>;
}

/**
 * Starts one VendHub process. It ends by itself when this process dies, `kill -9` included, because its standard
 * input is a pipe that closes then.
 *
 * @param input.onLine called for each line of its output
 */
export function startApplicationProcess(input: {
  readonly version: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly port: number;
  readonly onLine: (line: string) => void;
}): ApplicationProcess {
  // A container with little memory, for the versions that use up what they have.
  const memory = input.version.includes('exhausts-memory') ? ['--max-old-space-size=48'] : [];
  const child = spawn(process.execPath, [...memory, ...programArguments(applicationProgram)], {
    env: {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      TSX_DISABLE_CACHE: '1',
      ...input.variables,
      PORT: String(input.port),
      VENDHUB_VERSION: input.version,
      VENDHUB_LOCAL_ADDRESS: applicationLocalAddress,
      VENDHUB_EXIT_WITH_STDIN: '1',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', input.onLine);
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  return {
    pid: child.pid,
    ended,
    terminate: async () => {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(kill);
    },
  };
}
