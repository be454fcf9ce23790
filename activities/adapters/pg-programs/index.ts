import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import type { PostgresPrograms } from '../../ports.ts';
import { dumpWords, withExtensions } from './dump-words.ts';
import { outputOf, runWithInput } from './run-program.ts';

export { createSchemaDumper } from './schema-dump.ts';

/**
 * The client programs of PostgreSQL as {@link PostgresPrograms}. Passwords go by the environment of the one process.
 *
 * @param binFolder folder of `pg_dump` and `psql`
 */
export function createPostgresPrograms({ binFolder }: { readonly binFolder: string }): PostgresPrograms {
  return {
    dumpVersion: async () => {
      const { stdout } = await execa(join(binFolder, 'pg_dump'), ['--version'], { stdin: 'ignore' });
      return Number.parseInt(/(\d+)(?:\.\d+|beta|rc|devel)/.exec(stdout)?.[1] ?? '', 10);
    },
    dumpSql: async ({ connectionString, rowsOnly = false, signal, ...selection }) =>
      Readable.from(
        outputOf({
          binFolder,
          program: 'pg_dump',
          words: [rowsOnly ? '--data-only' : withExtensions, ...dumpWords(selection)],
          connectionString,
          ...(signal === undefined ? {} : { signal }),
        }),
        { objectMode: false },
      ),
    runSql: async ({ connectionString, script, signal }) => {
      const said = await runWithInput(
        {
          binFolder,
          program: 'psql',
          words: ['-X', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', '--file=-'],
          connectionString,
          ...(signal === undefined ? {} : { signal }),
        },
        inOneTransaction(script),
      );
      return [...said.matchAll(/WARNING:\s+(.*)/g)].map(([, warning = '']) => warning);
    },
  };
}

/**
 * `--single-transaction` would commit at the end of the input, also where that broke off or its writer died. The commit is
 * therefore sent, and only behind the last byte.
 */
async function* inOneTransaction(
  script: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from('BEGIN;\n');
  yield* script;
  yield Buffer.from('\nCOMMIT;\n');
}
