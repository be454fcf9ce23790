import { buffer } from 'node:stream/consumers';
import type { SchemaDump, SchemaDumper } from '../../ports.ts';
import { dumpWords, withExtensions } from './dump-words.ts';
import { outputOf } from './run-program.ts';

/**
 * Writes the definition of schemas as SQL, by `pg_dump`. Everything is in it but owners and rows: types, tables, keys,
 * constraints, indexes, functions, policies, grants, and the extensions of the database.
 *
 * @param options.binFolder folder of the PostgreSQL programs; they must be as new as the server
 * @param options.connectionString of the operator. A secret: handed over in the environment, never in an argument.
 * @returns a dumper that throws `database-unreachable` (retried), `database-query-failed`, or `configuration-invalid` where
 *   `pg_dump` is older than the server
 */
export function createSchemaDumper(options: {
  readonly binFolder: string;
  readonly connectionString: string;
}): SchemaDumper {
  return {
    async dump({ schemas, snapshotId, signal }): Promise<SchemaDump> {
      const selection = { schemas, ...(snapshotId === undefined ? {} : { snapshotId }) };
      const dumpSection = async (section: 'pre-data' | 'post-data') => {
        const output = outputOf({
          ...options,
          program: 'pg_dump',
          words: ['--schema-only', `--section=${section}`, withExtensions, ...dumpWords(selection)],
          ...(signal === undefined ? {} : { signal }),
        });
        return (await buffer(output)).toString('utf8');
      };
      const [preData, postData] = await Promise.all([dumpSection('pre-data'), dumpSection('post-data')]);
      return { preData, postData };
    },
  };
}
