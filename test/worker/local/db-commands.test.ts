import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryAs, startTestCluster } from '../../sandbox/postgres/test-cluster.ts';

const projectFolder = join(import.meta.dirname, '../../..');
const secret = 'very-secret-word';

/** A command as its script in package.json starts it, in a folder without `.env`. */
function start(entry: 'db-export' | 'db-import', words: readonly string[], options: StartOptions) {
  const loader = join(projectFolder, 'node_modules/tsx/dist/loader.mjs');
  return spawn(
    process.execPath,
    ['--import', loader, join(projectFolder, `worker/local/${entry}.ts`), ...words],
    {
      cwd: options.folder,
      env: { ...process.env, TSX_DISABLE_CACHE: '1', DATABASE_URL: options.url },
      stdio: [options.input ?? 'pipe', options.output ?? 'pipe', 'pipe'],
    },
  );
}

interface StartOptions {
  readonly folder: string;
  readonly url: string | undefined;
  readonly input?: number;
  readonly output?: number;
}

async function finish(child: ReturnType<typeof start>, input?: Buffer) {
  const output = child.stdout === null ? '' : text(child.stdout);
  const complaints = child.stderr === null ? '' : text(child.stderr);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const [code] = await once(child, 'close');
  return { code, output: await output, complaints: await complaints };
}

describe('the commands without Temporal', () => {
  let cluster: Awaited<ReturnType<typeof startTestCluster>>['cluster'];
  let folder: string;
  let url: string;
  const query = (sql: string) => queryAs(url, sql);
  const run = (
    entry: 'db-export' | 'db-import',
    words: readonly string[] = [],
    input?: Buffer,
    at: string | undefined = url,
  ) => finish(start(entry, words, { folder, url: at }), input);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commands-'));
    ({ cluster } = await startTestCluster());
    url = cluster.connectionString(cluster.superuser, 'postgres');
    await query(`CREATE TABLE users (id bigint PRIMARY KEY, name text);
      INSERT INTO users VALUES (1, 'Ada'), (2, E'Al\\nan')`);
  });
  afterAll(async () => {
    await cluster.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('export to a file and import it again, a table at a time, quietly where nobody watches', async () => {
    const path = join(folder, 'users.json');
    const file = await open(path, 'w');
    const written = await finish(start('db-export', ['--table', 'users'], { folder, url, output: file.fd }));
    await file.close();
    expect(written).toMatchObject({ code: 0, complaints: '' });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      tables: [
        {
          name: 'users',
          rows: [
            ['1', 'Ada'],
            ['2', 'Al\nan'],
          ],
        },
      ],
    });

    await query('DELETE FROM users');
    const input = await open(path);
    const loaded = await finish(start('db-import', ['--table', 'users'], { folder, url, input: input.fd }));
    await input.close();
    expect(loaded).toMatchObject({ code: 0, complaints: '' });
    expect(loaded.output).toMatch(/^Loaded 2 rows into 1 table, as of \S+Z; the counts were checked\.\n$/);
    expect(await query('SELECT name FROM users ORDER BY id')).toEqual([['Ada'], ['Al\nan']]);
    await rm(path);
  });

  it('accept the lines that npm puts in front, through a pipe that leaves no file', async () => {
    const { output } = await run('db-export', ['--table', 'users']);
    const banner =
      '\n> vendhub-disaster-recovery@0.1.0 db:export\n> node --import tsx worker/local/db-export.ts\n\n';
    const loaded = await run('db-import', ['--upsert'], Buffer.from(banner + output));
    expect(loaded).toMatchObject({ code: 0, complaints: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('end with 2 where tables hold rows, and name the ways on', async () => {
    const { output } = await run('db-export', ['--table', 'users']);
    const refused = await run('db-import', [], Buffer.from(output));
    expect(refused).toMatchObject({ code: 2, output: '' });
    expect(refused.complaints).toMatch(/public\.users already holds rows.*--replace.*--upsert/s);
    expect((await run('db-import', ['--replace'], Buffer.from(output))).code).toBe(0);
  });

  it('end with 2 where they are called wrongly, without showing a secret', async () => {
    const wrong = await run('db-export', [], undefined, `mysql://user:${secret}@host/database`);
    expect(wrong).toMatchObject({ code: 2, output: '' });
    expect(wrong.complaints).toMatch(/DATABASE_URL: expected a URL beginning with postgres:\/\//);
    expect(wrong.complaints).not.toContain(secret);
    expect((await run('db-export', [], undefined, '')).complaints).toContain('it is not set');
    expect((await run('db-export', ['--bogus'])).code).toBe(2);
    expect((await run('db-export', ['--table', 'nothing'])).complaints).toContain('no table "nothing"');
    expect((await run('db-import', ['--replace', '--upsert'], Buffer.from('{}'))).code).toBe(2);
  });

  it('end with 1 for a file that is cut, and leave the table as it is', async () => {
    const { output } = await run('db-export', ['--table', 'users']);
    await query(`UPDATE users SET name = 'since' WHERE id = 1`);
    const refused = await run('db-import', ['--replace'], Buffer.from(output.slice(0, -30)));
    expect(refused.code).toBe(1);
    expect(refused.complaints).toContain('truncated');
    expect(await query('SELECT name FROM users WHERE id = 1')).toEqual([['since']]);
  });

  it('read DATABASE_URL from .env, and end with 1 where the database does not answer', async () => {
    await writeFile(join(folder, '.env'), `DATABASE_URL=postgres://user:${secret}@127.0.0.1:1/database\n`);
    const child = start('db-export', [], { folder, url: undefined });
    const failed = await finish(child);
    await rm(join(folder, '.env'));
    expect(failed).toMatchObject({ code: 1, output: '' });
    expect(failed.complaints).toContain('did not answer');
    expect(failed.complaints).not.toContain(secret);
  });

  describe('in the middle of much', () => {
    beforeAll(() =>
      query(`CREATE SCHEMA much; CREATE TABLE much.rows (id int, filler text);
        INSERT INTO much.rows SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 30000) i`),
    );
    const sessions = () =>
      query(`SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'vendhub-dr%'`);

    it('end with an error, no last line and no session when the reader goes away', async () => {
      const child = start('db-export', ['--schema', 'much'], { folder, url });
      const complaints = child.stderr === null ? '' : text(child.stderr);
      if (child.stdout !== null) {
        await once(child.stdout, 'readable');
        child.stdout.destroy();
      }
      const [code] = await once(child, 'close');
      expect(code).toBe(1);
      expect(await complaints).toContain('The reader of the output went away');
      await expect.poll(sessions).toEqual([['0']]);
    });

    it('end at once when interrupted, with no last line and no session', async () => {
      const child = start('db-export', ['--schema', 'much'], { folder, url });
      const chunks: Buffer[] = [];
      if (child.stdout !== null) await once(child.stdout, 'readable');
      child.kill('SIGINT');
      child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
      const [code, signal] = await once(child, 'close');
      expect([code, signal]).not.toEqual([0, null]);
      expect(Buffer.concat(chunks).toString()).not.toContain('"sha256"');
      await expect.poll(sessions).toEqual([['0']]);
    });
  });
});
