import { join } from 'node:path';
import { execa } from 'execa';
import { programConnection } from './connection.ts';
import { programFailed } from './failures.ts';

/** A program that reaches one database. */
export interface ProgramCall {
  readonly binFolder: string;
  readonly program: 'pg_dump' | 'psql';
  readonly words: readonly string[];
  /** A secret: the password goes by the environment of this one process. */
  readonly connectionString: string;
  readonly signal?: AbortSignal;
}

/** Warnings and complaints are kept up to this size, in characters; a program that says more is ended. */
const complaintsAtMost = 16 * 1024 * 1024;

const shared = { cwd: '/', extendEnv: false, reject: false, stripFinalNewline: false } as const;

/**
 * Runs a program and gives what it writes, piece by piece as it is asked for. Whoever stops asking ends the program.
 *
 * @throws DrError of `programFailed` behind the last piece, so that what broke off never looks whole; the signal's reason
 */
export async function* outputOf(call: ProgramCall): AsyncGenerator<Buffer, void, undefined> {
  const { uri, environment } = programConnection(call.connectionString);
  const child = execa(join(call.binFolder, call.program), [...call.words, `--dbname=${uri}`], {
    ...shared,
    ...cancelledBy(call),
    env: { ...baseEnvironment(), ...environment },
    stdin: 'ignore',
    buffer: { stdout: false },
    encoding: 'buffer',
    maxBuffer: { stderr: complaintsAtMost },
  });
  try {
    for await (const piece of child.stdout) yield Buffer.from(piece);
    const result = await child;
    call.signal?.throwIfAborted();
    if (result.failed)
      throw programFailed(call.program, result.exitCode, Buffer.from(result.stderr).toString());
  } finally {
    child.kill('SIGKILL');
    await child;
  }
}

/**
 * Runs a program that reads from a stream, and waits for its end.
 *
 * @returns what it said on its standard error
 * @throws what the stream throws; DrError of `programFailed`; the signal's reason
 */
export async function runWithInput(call: ProgramCall, input: AsyncIterable<Uint8Array>): Promise<string> {
  const { uri, environment } = programConnection(call.connectionString);
  let broken: { readonly error: unknown } | undefined;
  async function* watched() {
    try {
      yield* input;
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  const { failed, exitCode, stderr } = await execa(
    join(call.binFolder, call.program),
    [...call.words, `--dbname=${uri}`],
    {
      ...shared,
      ...cancelledBy(call),
      env: { ...baseEnvironment(), ...environment },
      stdin: watched(),
      stdout: 'ignore',
      encoding: 'utf8',
      maxBuffer: { stderr: complaintsAtMost },
    },
  );
  call.signal?.throwIfAborted();
  if (broken !== undefined) throw broken.error;
  if (failed) throw programFailed(call.program, exitCode, stderr);
  return stderr;
}

function cancelledBy({ signal }: ProgramCall): { cancelSignal?: AbortSignal } {
  return signal === undefined ? {} : { cancelSignal: signal };
}

/** Without the PG* variables of this process, which would lead a program elsewhere. Times are written in UTC. */
function baseEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME, LD_LIBRARY_PATH } = process.env;
  return {
    PATH,
    ...(HOME === undefined ? {} : { HOME }),
    ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }),
    LC_ALL: 'C',
    TZ: 'UTC',
    PGTZ: 'UTC',
  };
}
