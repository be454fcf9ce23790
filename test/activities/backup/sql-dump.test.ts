import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresPrograms } from '../../../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import { exportDatabase } from '../../../activities/backup/export-database.ts';
import { restoreDump } from '../../../activities/backup/restore-dump.ts';
import { dumpSql, sqlDumpName } from '../../../activities/backup/sql-dump.ts';
import type { PostgresPrograms } from '../../../activities/ports.ts';
import { queryAs, startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../failure-of.ts';

const now = new Date('2025-11-29T03:04:05.678Z');

describe('a SQL dump', { timeout: 60_000 }, () => {
  let cluster: Awaited<ReturnType<typeof startTestCluster>>['cluster'];
  let folder: string;
  let programs: PostgresPrograms;
  const connect = (connectionString: string) => createPostgresDatabase({ connectionString });
  const at = (name: string) => cluster.connectionString(cluster.superuser, name);
  const dump = (into = folder) =>
    dumpSql({
      programs,
      database: connect(at('postgres')),
      connectionString: at('postgres'),
      folder: into,
      now,
    });
  const databases = async () =>
    (await queryAs(at('postgres'), 'SELECT datname FROM pg_database ORDER BY 1')).flat();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dump-'));
    ({ cluster } = await startTestCluster());
    programs = createPostgresPrograms({ binFolder: (await locatePostgres()).path });
    await queryAs(
      at('postgres'),
      `CREATE TABLE users (id bigserial PRIMARY KEY, name text); INSERT INTO users (name) VALUES ('Ada'), (E'Al\\nan')`,
    );
  }, 60_000);
  afterAll(async () => {
    await cluster.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('has the name of its moment in UTC, is its owner’s alone, and restores into a database made for it', async () => {
    expect(sqlDumpName(now)).toBe('backup-2025-11-29-030405.sql');
    const file = await dump();
    expect(file).toBe(join(folder, 'backup-2025-11-29-030405.sql'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain('PostgreSQL database dump complete');
    await restoreDump({ programs, connect, file, connectionString: at('from dump'), create: true });
    expect(await queryAs(at('from dump'), 'SELECT name FROM users ORDER BY id')).toEqual([
      ['Ada'],
      ['Al\nan'],
    ]);
    const again = restoreDump({ programs, connect, file, connectionString: at('from dump'), create: true });
    expect((await failureOf(again)).type).toBe('input-invalid');
    await rm(file);
  });

  it('can be an export as well, loaded into the tables that a schema file makes', async () => {
    const [file, schemaFile] = [join(folder, 'export.json'), join(folder, 'schema.sql')];
    await programs.dumpSql({ connectionString: at('postgres'), file: schemaFile, schemaOnly: true });
    await connect(at('postgres')).session((session) =>
      pipeline(exportDatabase({ session, schemas: ['public'] }).body, createWriteStream(file)),
    );
    await restoreDump({
      programs,
      connect,
      file,
      schemaFile,
      connectionString: at('from export'),
      create: true,
    });
    expect(await queryAs(at('from export'), `INSERT INTO users (name) VALUES ('x') RETURNING id`)).toEqual([
      ['3'],
    ]);
    await rm(file);
    await rm(schemaFile);
  });

  it('that fails midway leaves no database and no rows', async () => {
    const file = join(folder, 'broken.sql');
    await writeFile(file, 'CREATE TABLE half (a int); INSERT INTO half VALUES (1); SELECT 1 / 0;');
    const before = await databases();
    const create = restoreDump({ programs, connect, file, connectionString: at('broken'), create: true });
    const failure = await failureOf(create);
    expect(failure.type).toBe('database-query-failed');
    expect(failure.message).toContain('division by zero');
    expect(await databases()).toEqual(before);
    await failureOf(restoreDump({ programs, connect, file, connectionString: at('postgres') }));
    expect(await queryAs(at('postgres'), `SELECT to_regclass('half')`)).toEqual([[null]]);
    await rm(file);
  });

  it('is not left half-made, and no message holds the password', async () => {
    const wrong = at('postgres').replace(/:[^:@]+@/, ':very-secret-word@');
    const failure = await failureOf(
      dumpSql({ programs, database: connect(at('postgres')), connectionString: wrong, folder, now }),
    );
    expect(failure.message).not.toContain('very-secret-word');
    expect(failure.message).toContain('password authentication failed');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused where pg_dump is older than the server', async () => {
    const binFolder = join(folder, 'old');
    await mkdir(binFolder);
    await writeFile(join(binFolder, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 15.14"\n');
    await chmod(join(binFolder, 'pg_dump'), 0o755);
    const failure = await failureOf(
      dumpSql({
        programs: createPostgresPrograms({ binFolder }),
        database: connect(at('postgres')),
        connectionString: at('postgres'),
        folder,
        now,
      }),
    );
    expect(failure.type).toBe('configuration-invalid');
    expect(failure.message).toMatch(/version 15, the server of version 18/);
    await rm(binFolder, { recursive: true });
  });
});
