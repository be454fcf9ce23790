import { open } from 'node:fs/promises';
import { DrError } from '../errors.ts';
import type { Database, PostgresPrograms } from '../ports.ts';
import { sealedExport } from './export-file.ts';
import { type ImportMode, importDatabase } from './import-database.ts';
import { quoteIdentifier } from './quote.ts';

/** A file, and the database that it is to be restored into. */
export interface RestoreOptions {
  readonly programs: PostgresPrograms;
  /** A SQL dump or a JSON export. */
  readonly file: string;
  /** Connection string of the database to restore into; a secret. */
  readonly connectionString: string;
  /** Opens the database of a connection string. */
  readonly connect: (connectionString: string) => Database;
  /** Make the database first; it must not exist. It is dropped again when the restore fails. */
  readonly create?: boolean;
  /** SQL that makes the tables, run before a JSON export is loaded: an export holds rows, not definitions. */
  readonly schemaFile?: string;
  /** For a JSON export, what becomes of rows that are there; `refuse` by default. */
  readonly mode?: ImportMode;
}

/**
 * Restores a dump or an export into a chosen database. A SQL dump goes in as one transaction, an export as well.
 *
 * @throws DrError `input-invalid` when the database is there already or tables hold rows, `verification-failed` for a
 *   damaged export, `database-query-failed`, `database-unreachable`
 */
export async function restoreDump(options: RestoreOptions): Promise<void> {
  const restore = (await isJson(options.file)) ? restoreExport : restoreSql;
  if (options.create !== true) return restore(options);
  const { name, maintenance } = maintenanceConnection(options.connectionString);
  const server = options.connect(maintenance);
  await createDatabase(server, name);
  try {
    await restore(options);
  } catch (error) {
    await server.session((session) =>
      session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`),
    );
    throw error;
  }
}

async function restoreSql({ programs, connectionString, file }: RestoreOptions): Promise<void> {
  await programs.runSql({ connectionString, file });
}

async function restoreExport(options: RestoreOptions): Promise<void> {
  const handle = await open(options.file, 'r');
  try {
    const file = await sealedExport(handle.fd, (await handle.stat()).size);
    if (options.schemaFile !== undefined) {
      await options.programs.runSql({
        connectionString: options.connectionString,
        file: options.schemaFile,
      });
    }
    const database = options.connect(options.connectionString);
    await importDatabase({ database, file }, { mode: options.mode ?? 'refuse' });
  } finally {
    await handle.close();
  }
}

/** A dump begins with a comment; an export with a brace, or behind npm's banner. */
async function isJson(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    return /^(?:(?:> .*)?\r?\n)*\{/.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

async function createDatabase(server: Database, name: string): Promise<void> {
  await server.session(async (session) => {
    const { rowCount } = await session.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount > 0) {
      throw new DrError('input-invalid', {
        happened: `The database ${JSON.stringify(name)} exists already.`,
        meaning: 'Nothing was changed.',
        next: 'Name another one, or restore into it without creating it.',
      });
    }
    await session.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
  });
}

function maintenanceConnection(connectionString: string): {
  readonly name: string;
  readonly maintenance: string;
} {
  const url = URL.parse(connectionString);
  const name = decodeURIComponent(url?.pathname.slice(1) ?? '');
  if (url === null || name === '') {
    throw new DrError('input-invalid', {
      happened: 'The connection string names no database to create.',
      meaning: 'Nothing was changed.',
      next: 'Expected is postgresql://user:password@host:port/database.',
    });
  }
  url.pathname = '/postgres';
  return { name, maintenance: url.href };
}
