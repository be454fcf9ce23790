import { join } from 'node:path';
import { execa } from 'execa';
import { DrError } from '../../errors.ts';
import type { SchemaDump, SchemaDumper } from '../../ports.ts';
import { libpqConnection } from './libpq-connection.ts';

/** A schema larger than that is none, in bytes. */
const largestBytes = 256 * 1024 * 1024;

/**
 * Writes the definition of schemas as SQL, by `pg_dump`. Everything is in it but owners and rows: types, tables, keys,
 * constraints, indexes, functions, policies, grants, and the extensions of the database.
 *
 * @param options.binFolder folder of the PostgreSQL programs; they must be as new as the server
 * @param options.connectionString of the operator. A secret: handed over in the environment, never in an argument.
 * @returns a dumper that throws `database-unreachable` (retried) or `database-query-failed`
 */
export function createSchemaDumper(options: {
  readonly binFolder: string;
  readonly connectionString: string;
}): SchemaDumper {
  return {
    async dump({ schemas, snapshotId, signal }): Promise<SchemaDump> {
      const dumpSection = (section: 'pre-data' | 'post-data') =>
        runPgDump(
          options,
          [
            `--section=${section}`,
            ...schemas.map((schema) => `--schema=${literalPattern(schema)}`),
            ...(snapshotId === undefined ? [] : [`--snapshot=${snapshotId}`]),
          ],
          signal,
        );
      const [preData, postData] = await Promise.all([dumpSection('pre-data'), dumpSection('post-data')]);
      return { preData, postData };
    },
  };
}

/** A name as a pattern that matches itself alone: `pg_dump` folds case and takes `*`, `?` and `.` for wildcards. */
function literalPattern(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}

async function runPgDump(
  { binFolder, connectionString }: { readonly binFolder: string; readonly connectionString: string },
  parameters: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const { url, environment } = libpqConnection(connectionString);
  const fixed = [
    '--schema-only',
    '--no-owner',
    '--extension=*',
    '--strict-names',
    '--no-password',
    '--encoding=UTF8',
  ];
  const result = await execa(join(binFolder, 'pg_dump'), [...fixed, ...parameters, `--dbname=${url}`], {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...environment },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
    maxBuffer: largestBytes,
    ...(signal !== undefined && { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (!result.failed) return result.stdout;
  const reason = firstError(result.stderr ?? '') ?? result.originalMessage ?? 'no reason given';
  const unreachable = /could not connect|connection to server|terminating connection|shutting down/.test(
    reason,
  );
  throw new DrError(unreachable ? 'database-unreachable' : 'database-query-failed', {
    happened: `pg_dump could not write the schema (${reason}).`,
    meaning: 'A backup without its schema can be restored only into a database that has the tables already.',
    next: 'Check that the operator may read the schemas of the policy and that pg_dump is as new as the server.',
  });
}

/** The first complaint, without the host and port that a failed connection names. */
function firstError(stderr: string): string | undefined {
  const line = stderr.split('\n').find((text) => text.startsWith('pg_dump: error: '));
  return line
    ?.replace('pg_dump: error: ', '')
    .replace(/at "[^"]*"(?: \([^)]*\))?, port \d+/, '')
    .slice(0, 500);
}
