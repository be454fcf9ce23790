import { join } from 'node:path';
import { execa } from 'execa';
import { DrError } from '../../errors.ts';
import type { PostgresPrograms } from '../../ports.ts';
import { programConnection } from './connection.ts';

/** Said by psql for an error in the script, which then has changed nothing. */
const scriptFailed = 3;
const connectionFailed = /could not connect|connection to server|server closed the connection/i;

/**
 * The client programs of PostgreSQL as {@link PostgresPrograms}. Passwords go by the environment of the one process.
 *
 * @param binFolder folder of `pg_dump` and `psql`
 */
export function createPostgresPrograms({ binFolder }: { readonly binFolder: string }): PostgresPrograms {
  const run = async (program: string, words: readonly string[], connectionString: string) => {
    const { uri, environment } = programConnection(connectionString);
    const result = await execa(join(binFolder, program), [...words, `--dbname=${uri}`], {
      env: { ...baseEnvironment(), ...environment },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      stdout: 'ignore',
    });
    if (result.failed)
      throw programFailed(program, result.exitCode, result.stderr ?? result.shortMessage ?? '');
  };
  return {
    dumpVersion: async () => {
      const { stdout } = await execa(join(binFolder, 'pg_dump'), ['--version'], { stdin: 'ignore' });
      return Number.parseInt(/(\d+)(?:\.\d+|beta|rc|devel)/.exec(stdout)?.[1] ?? '', 10);
    },
    dumpSql: ({ connectionString, file, schemaOnly = false }) =>
      run(
        'pg_dump',
        ['--format=plain', '--encoding=UTF8', `--file=${file}`, ...(schemaOnly ? ['--schema-only'] : [])],
        connectionString,
      ),
    runSql: ({ connectionString, file }) =>
      run(
        'psql',
        ['-X', '--quiet', '--set=ON_ERROR_STOP=1', '--single-transaction', `--file=${file}`],
        connectionString,
      ),
  };
}

/** Without the PG* variables of this process, which would lead a program elsewhere. */
function baseEnvironment(): Record<string, string> {
  const { PATH, HOME, LD_LIBRARY_PATH } = process.env;
  const kept = { PATH, HOME, LD_LIBRARY_PATH };
  return {
    LC_ALL: 'C',
    TZ: 'UTC',
    ...Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

/** The first complaint only: what follows may quote rows. */
function programFailed(program: string, exitCode: number | undefined, complaints: string): DrError {
  const first = /(?:ERROR|FATAL|error):\s+(.*)/.exec(complaints)?.[1] ?? `it ended with code ${exitCode}`;
  const unreachable = exitCode !== scriptFailed && connectionFailed.test(complaints);
  return new DrError(unreachable ? 'database-unreachable' : 'database-query-failed', {
    happened: `${program} failed (${first.slice(0, 300)}).`,
    meaning:
      program === 'psql'
        ? 'The database is as it was before.'
        : 'There is no dump: the unfinished file was removed.',
    next: 'Mend what the message names, then run it again.',
  });
}
