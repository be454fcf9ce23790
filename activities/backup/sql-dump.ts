import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { Database, PostgresPrograms } from '../ports.ts';

const ownerOnly = 0o600;
const unitsPerMajorVersion = 10_000;

/**
 * The name of a dump: `backup-YYYY-MM-DD-HHMMSS.sql`.
 *
 * @param at UTC
 */
export function sqlDumpName(at: Date): string {
  const [day = '', time = ''] = at.toISOString().slice(0, 19).split('T');
  return `backup-${day}-${time.replaceAll(':', '')}.sql`;
}

/** What to dump, with what, and where to. */
export interface SqlDumpOptions {
  readonly programs: PostgresPrograms;
  readonly database: Database;
  /** Of the same database; a secret. */
  readonly connectionString: string;
  /** Folder that the dump is put into; must exist. */
  readonly folder: string;
  readonly now: Date;
}

/**
 * Dumps the whole database as SQL that `psql` reads. The file has its name only when the dump is whole.
 *
 * @returns path of the dump, readable by its owner alone
 * @throws DrError `configuration-invalid` when pg_dump is older than the server, which it would refuse or misread;
 *   `database-unreachable` (retried) or `database-query-failed`
 */
export async function dumpSql(options: SqlDumpOptions): Promise<string> {
  await requireMatchingProgram(options);
  const path = join(options.folder, sqlDumpName(options.now));
  const unfinished = `${path}.partial`;
  try {
    await (await open(unfinished, 'wx', ownerOnly)).close();
    await options.programs.dumpSql({ connectionString: options.connectionString, file: unfinished });
    await rename(unfinished, path);
    return path;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function requireMatchingProgram({ programs, database }: SqlDumpOptions): Promise<void> {
  const server = await database.session(async (session) => {
    const { rows } = await session.query(`SELECT current_setting('server_version_num')::int AS version`);
    const [{ version }] = z.tuple([z.object({ version: z.int() })]).parse(rows);
    return Math.floor(version / unitsPerMajorVersion);
  });
  const program = await programs.dumpVersion();
  if (program >= server) return;
  throw new DrError('configuration-invalid', {
    happened: `pg_dump is of version ${program}, the server of version ${server}.`,
    meaning: 'An older pg_dump cannot dump a newer server; there is no dump.',
    next: `Set DR_POSTGRES_BIN to the programs of PostgreSQL ${server} or later, or unset it to use the ones of the toolbox.`,
  });
}
