import { join } from 'node:path';
import { execa } from 'execa';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';

/** PostgreSQL's own programs as a person would use them by hand: what the project's own ways are held against. */
export async function clientPrograms() {
  const { path } = await locatePostgres();
  const run = (program: string, words: readonly string[], url: string) =>
    execa(join(path, program), [...words, `--dbname=${url}`], { stdin: 'ignore', env: { LC_ALL: 'C' } });
  return {
    /** Dumps a database into a file, plain. */
    dump: (url: string, file: string, words: readonly string[] = []) =>
      run('pg_dump', ['--format=plain', '--encoding=UTF8', `--file=${file}`, ...words], url),
    /** Runs a file in one transaction, ended by the first error. */
    runFile: (url: string, file: string) =>
      run('psql', ['-X', '--quiet', '--set=ON_ERROR_STOP=1', '--single-transaction', `--file=${file}`], url),
  };
}
