import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSchemaDumper,
  createScratchPostgres,
} from '../../../../activities/adapters/scratch-postgres/index.ts';
import { locatePostgres } from '../../../../activities/adapters/toolbox/index.ts';
import type { ScratchServer } from '../../../../activities/ports.ts';
import { queryAs } from '../../../sandbox/postgres/test-cluster.ts';
import { failureOf } from '../../failure-of.ts';
import { newServerFolder, ownServer } from '../../restore-test/world.ts';

let folder: Awaited<ReturnType<typeof newServerFolder>>;
let server: ScratchServer;
let binFolder: string;

beforeAll(async () => {
  folder = await newServerFolder();
  ({ path: binFolder } = await locatePostgres());
  // As a container leaves it that was killed and started again: the new process has the number of the old one.
  const left = join(folder.folderRoot, 'vendhub-dr-scratch-left');
  await mkdir(left);
  await writeFile(join(left, 'owner.pid'), String(process.pid));
  await mkdir(join(folder.folderRoot, 'of-somebody-else'));
  await writeFile(join(folder.folderRoot, 'of-somebody-else', 'owner.pid'), String(process.pid));
  server = await createScratchPostgres(await ownServer(folder.folderRoot)).open();
});
afterAll(() => folder.remove());

describe('a server of its own', () => {
  it('removes what a process of the same number left, and nothing else', () => {
    expect(existsSync(join(folder.folderRoot, 'vendhub-dr-scratch-left'))).toBe(false);
    expect(existsSync(join(folder.folderRoot, 'of-somebody-else'))).toBe(true);
  });

  it('lets in with its password only, and listens on this machine only', async () => {
    const url = new URL(server.connectionString('postgres'));
    expect(await queryAs(url.toString(), 'SHOW listen_addresses')).toEqual([['127.0.0.1']]);
    url.password = 'wrong';
    await expect(queryAs(url.toString(), 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('stands beside a second one', async () => {
    const second = await createScratchPostgres(await ownServer(folder.folderRoot)).open();
    try {
      expect(await queryAs(second.connectionString(), 'SELECT 1')).toEqual([[1]]);
      expect(await queryAs(server.connectionString(), 'SELECT 1')).toEqual([[1]]);
    } finally {
      await second.close();
    }
  });

  it('says why it cannot be started', async () => {
    const options = await ownServer(folder.folderRoot);
    const nowhere = createScratchPostgres({ ...options, folderRoot: join(folder.folderRoot, 'nowhere') });
    expect(await failureOf(nowhere.open())).toMatchObject({ type: 'restore-test-failed', retried: false });
  });
});

describe('a dump of a schema', () => {
  const dumpBy = (connectionString: string) => createSchemaDumper({ binFolder, connectionString });

  it('takes names as they are, and parts what comes before the rows from what comes after', async () => {
    const url = server.connectionString();
    await queryAs(
      url,
      `CREATE SCHEMA "Odd.*"; CREATE TABLE "Odd.*".a (id int); CREATE SCHEMA odd; CREATE TABLE odd.b ()`,
    );
    const { preData, postData } = await dumpBy(url).dump({ schemas: ['Odd.*'] });
    expect(preData).toContain('CREATE TABLE "Odd.*".a');
    expect(preData).not.toContain('odd.b');
    expect(postData).not.toContain('CREATE TABLE');
  });

  it('shows the moment of a snapshot that another session holds', async () => {
    const url = server.connectionString();
    await queryAs(url, 'CREATE SCHEMA held; CREATE TABLE held.before ()');
    const holder = new Client({ connectionString: url });
    await holder.connect();
    try {
      await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await holder.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
      await queryAs(url, 'CREATE TABLE held.after ()');
      const dump = await dumpBy(url).dump({ schemas: ['held'], snapshotId: rows[0]?.id ?? '' });
      expect(dump.preData).toContain('held.before');
      expect(dump.preData).not.toContain('held.after');
    } finally {
      await holder.end();
    }
  });

  it('fails for a schema that is not there', async () => {
    const failure = await failureOf(dumpBy(server.connectionString()).dump({ schemas: ['nope'] }));
    expect(failure.type).toBe('database-query-failed');
    expect(failure.message).toContain('nope');
  });

  it('is tried again where the database does not answer, and shows no secret', async () => {
    const failure = await failureOf(
      dumpBy('postgresql://operator:hidden-word@127.0.0.1:1/vendhub').dump({ schemas: ['public'] }),
    );
    expect(failure).toMatchObject({ type: 'database-unreachable', retried: true });
    expect(failure.message).not.toMatch(/hidden-word|127\.0\.0\.1/);
  });

  it('ends when it is cancelled', async () => {
    const reason = new Error('enough');
    await expect(
      dumpBy(server.connectionString()).dump({ schemas: ['public'], signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

describe('an existing server', () => {
  it('is reached with other databases, and is not closed', async () => {
    const existing = await createScratchPostgres({ connectionString: server.connectionString() }).open();
    await existing.close();
    expect(await queryAs(existing.connectionString('template1'), 'SELECT current_database()')).toEqual([
      ['template1'],
    ]);
  });

  it('is refused where its connection string cannot be read, without showing it', async () => {
    const failure = await failureOf(createScratchPostgres({ connectionString: 'pass word' }).open());
    expect(failure.type).toBe('configuration-invalid');
    expect(failure.message).not.toContain('pass word');
  });
});

describe('the end of a server', () => {
  it('leaves neither process nor folder', async () => {
    await server.close();
    const { stdout } = await execa('ps', ['-eo', 'args=', '-ww']);
    expect(stdout).not.toContain(folder.folderRoot);
    expect(await folder.servers()).toEqual([join(folder.folderRoot, 'of-somebody-else')]);
  });
});
