import { join } from 'node:path';
import { execa } from 'execa';
import type { ServerAccount } from '../../../activities/adapters/toolbox/index.ts';
import { PostgresFailed } from './errors.ts';

/** Runs a program under the server's account and gives its standard output. */
export type RunProgram = (
  program: string,
  parameters: readonly string[],
  options?: {
    readonly environment?: Readonly<Record<string, string>>;
    /** Take what it printed even when it ends with an error. */
    readonly partialOutput?: boolean;
  },
) => Promise<string>;

/**
 * @param binFolder folder of the PostgreSQL programs; a program given by an absolute path is taken as it is
 * @param account account to run under, `undefined` for one's own
 */
export function programRunner(binFolder: string, account: ServerAccount | undefined): RunProgram {
  return async (program, parameters, { environment = {}, partialOutput = false } = {}) => {
    const file = program.startsWith('/') ? program : join(binFolder, program);
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...environment };
    const options = { cwd: '/', env, extendEnv: false, reject: false, stdin: 'ignore' } as const;
    const { failed, stdout, stderr, shortMessage } = await execa(file, parameters, {
      ...account,
      ...options,
    });
    if (failed && !partialOutput) throw new PostgresFailed(`${program}: ${shortMessage}\n${stderr}`);
    return stdout;
  };
}
