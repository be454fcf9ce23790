import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresPrograms } from '../../../../activities/adapters/pg-programs/index.ts';
import { locatePostgres } from '../../../../activities/adapters/toolbox/index.ts';
import type { PostgresPrograms } from '../../../../activities/ports.ts';
import { until } from '../../../sandbox/postgres/condition.ts';
import { startTestCluster } from '../../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../../failure-of.ts';

let test: Awaited<ReturnType<typeof startTestCluster>>;
let url: string;
let programs: PostgresPrograms;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
  test = await startTestCluster();
  url = test.cluster.connectionString(test.cluster.superuser, 'postgres');
  programs = createPostgresPrograms({ binFolder: (await locatePostgres()).path });
  await test.query(
    'CREATE TABLE lots AS SELECT id, md5(id::text) AS noise FROM generate_series(1, 200000) id',
  );
});
afterAll(async () => {
  await test.cluster.dispose();
  await rm(folder, { recursive: true });
});

const dump = async (connectionString: string, by = programs) =>
  text(await by.dumpSql({ connectionString, schemas: ['public'] }));
const script = (...parts: readonly string[]) => Readable.from(parts.map((part) => Buffer.from(part)));
const gone = (program: string) =>
  until(`${program} is gone`, 60_000, async () => {
    const sql = `SELECT FROM pg_stat_activity WHERE application_name = '${program}'`;
    return (await test.query(sql)).length === 0 || undefined;
  });

describe('pg_dump', () => {
  it('ends when nobody reads what it writes any longer', async () => {
    const stream = await programs.dumpSql({ connectionString: url, schemas: ['public'] });
    for await (const _ of stream) break;
    expect(stream.destroyed).toBe(true);
    await gone('pg_dump');
  });

  it('ends when it is cancelled, with the reason of that', async () => {
    const reason = new Error('enough');
    const options = { connectionString: url, schemas: ['public'], signal: AbortSignal.abort(reason) };
    await expect(programs.dumpSql(options).then(text)).rejects.toBe(reason);
  });

  it('fails behind its last byte for a schema that is not there, and for a wrong password, which no message holds', async () => {
    const missing = await failureOf(
      programs.dumpSql({ connectionString: url, schemas: ['nope'] }).then(text),
    );
    expect(missing.type).toBe('database-query-failed');
    expect(missing.message).toContain('nope');
    const failure = await failureOf(dump(url.replace(/:[^:@]+@/, ':very-secret-word@')));
    expect(failure.type).toBe('database-login-refused');
    expect(failure.message).toContain('password authentication failed');
    expect(failure.message).not.toMatch(/very-secret-word|127\.0\.0\.1/);
  });

  it('says what to install where it is older than the server', async () => {
    const installed = '/usr/lib/postgresql/15/bin';
    const binFolder = existsSync(join(installed, 'pg_dump')) ? installed : await recordedRefusal();
    const failure = await failureOf(dump(url, createPostgresPrograms({ binFolder })));
    expect(failure).toMatchObject({ type: 'configuration-invalid', retried: false });
    expect(failure.explanation.happened).toBe('pg_dump is of version 15, the server of version 18.');
    expect(failure.explanation.next).toContain('Install the client programs of PostgreSQL 18 or later');
  });
});

/** Says what pg_dump 15.14 says to a server of version 18, where no such program is installed. */
async function recordedRefusal(): Promise<string> {
  const lines = [
    'pg_dump: error: aborting because of server version mismatch',
    'pg_dump: detail: server version: 18.0; pg_dump version: 15.14 (Debian 15.14-0+deb12u1)',
  ];
  const program = join(folder, 'pg_dump');
  await writeFile(program, `#!/bin/sh\ncat >&2 <<END\n${lines.join('\n')}\nEND\nexit 1\n`);
  await chmod(program, 0o755);
  return folder;
}

describe('psql', () => {
  it('runs all of a script and tells the warnings of the server', async () => {
    const warnings = await programs.runSql({
      connectionString: url,
      script: script("CREATE TABLE done (a int);\nDO $$ BEGIN RAISE WARNING 'left out: %', 1;", ' END $$;'),
    });
    expect(warnings).toEqual(['left out: 1']);
    expect(await test.query("SELECT to_regclass('done')::text")).toEqual([['done']]);
  });

  it('changes nothing when the server refuses a statement', async () => {
    const run = programs.runSql({
      connectionString: url,
      script: script('CREATE TABLE half (a int); INSERT INTO half VALUES (1); SELECT 1 / 0;'),
    });
    const failure = await failureOf(run);
    expect(failure.type).toBe('database-query-failed');
    expect(failure.message).toContain('division by zero');
    expect(await test.query("SELECT to_regclass('half')")).toEqual([[null]]);
  });

  it.each([
    ['between two statements', 'CREATE TABLE broken (a int);\n'],
    ['among rows', 'CREATE TABLE broken (a int);\nCOPY broken (a) FROM stdin;\n1\n2\n'],
  ])('changes nothing when its script breaks off %s', async (_where, begun) => {
    async function* breaking(): AsyncGenerator<Buffer, void, undefined> {
      yield Buffer.from(begun);
      throw new Error('the store is gone');
    }
    const run = programs.runSql({ connectionString: url, script: breaking() });
    await expect(run).rejects.toThrow('the store is gone');
    await gone('psql');
    expect(await test.query("SELECT to_regclass('broken')")).toEqual([[null]]);
  });

  it('changes nothing when the process that feeds it is killed', async () => {
    const child = execa(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'killed-feeder.ts')],
      {
        env: { FEEDER_URL: url },
        reject: false,
      },
    );
    await until('rows are being loaded', 60_000, async () => {
      const sql = `SELECT FROM pg_stat_activity WHERE application_name = 'psql' AND query LIKE 'COPY broken%'`;
      return (await test.query(sql)).length > 0 || undefined;
    });
    child.kill('SIGKILL');
    await child;
    await gone('psql');
    expect(await test.query("SELECT to_regclass('broken')")).toEqual([[null]]);
  });
});
