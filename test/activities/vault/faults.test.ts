import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createS3ObjectStore, type S3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { listBackups } from '../../../activities/vault/list-backups.ts';
import type { VaultLocation } from '../../../activities/vault/location.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { verifyBackup } from '../../../activities/vault/verify-backup.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { failureOf } from '../failure-of.ts';
import { startProxy } from '../uploads/proxy.ts';
import { startVaultDatabase } from './vault-database.ts';
import { keyringOf, newFolderLocation, vaultOver, work } from './world.ts';

const run = promisify(execFile);
/** Mounts a disk of 16 MiB at `$0` for one command, which then is nobody's root: PostgreSQL's programs want none. */
const withOwnDisk =
  'mount -t tmpfs -o size=16m,mode=700 tmpfs "$0" && exec unshare --user --map-user=1000 "$@"';
const inOwnDisk = (folder: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  run('unshare', ['--map-root-user', '--mount', 'sh', '-c', withOwnDisk, folder, ...command], {
    env: { ...process.env, ...environment },
  });
const ownDisks = await inOwnDisk(tmpdir(), ['true']).then(
  () => true,
  () => false,
);
const at = '2025-11-28T00:00:00Z';
const key = 'recent/backup-2025-11-28T000000Z.json.gz.enc';

describe('storing a backup while', () => {
  let database: Awaited<ReturnType<typeof startVaultDatabase>>;
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let local: Awaited<ReturnType<typeof newFolderLocation>>;
  let s3: S3ObjectStore;

  beforeAll(async () => {
    [database, storage] = await Promise.all([startVaultDatabase(), startTestStore()]);
    // Twice as long as a part of an upload when it is compressed: noise.
    await database.query(
      `CREATE SCHEMA large;
       CREATE TABLE large.noise AS SELECT id, md5(random()::text) || md5(random()::text) AS noise
         FROM generate_series(1, 400000) AS id`,
    );
    proxy = await startProxy(storage.s3.endpoint);
  });
  afterAll(async () => {
    await proxy?.stop();
    await storage?.stop();
    await database?.stop();
  });
  beforeEach(async () => {
    local = await newFolderLocation();
    proxy.failWith(() => undefined);
    proxy.seen.length = 0;
    s3 = createS3ObjectStore({ ...storage.s3, endpoint: proxy.endpoint, bucket: 'evidence' });
  });
  afterEach(async () => {
    s3.close();
    await local.remove();
    for (const { key: name } of await storage.store.list('')) await storage.store.remove(name);
  });

  const store = (schemas: readonly string[], locations: readonly VaultLocation[]) =>
    storeBackup(
      vaultOver(database.connectionString, locations),
      { kind: 'recent', at, schemas, leftoversOlderThanMs: 0 },
      work,
    );
  const both = (): VaultLocation[] => [local.location, { name: 's3', store: s3 }];
  const whole = (at: S3ObjectStore | typeof local.store) =>
    verifyBackup({ store: at, keyring: keyringOf() }, key, work);

  it.skipIf(!ownDisks)(
    'the disk is full tells of it, keeps the copy elsewhere, leaves nothing, and is mended when there is room (skipped where nobody may mount)',
    async () => {
      const [root, second] = await Promise.all([
        mkdtemp(join(tmpdir(), 'dr-full-disk-')),
        newFolderLocation('second'),
      ]);
      // Nearly nothing; half of it; the object and a page, where then the manifest does not fit.
      const { backup } = await store(['bulk'], [second.location]);
      await second.store.remove(key);
      await second.store.remove(`${key}.manifest.json`);
      const page = 4_096;
      const objectPages = Math.ceil(backup.bytes / page) * page;
      const freeBytes = [page, Math.floor(objectPages / 2), objectPages];
      const task = {
        connectionString: database.connectionString,
        root,
        secondRoot: second.root,
        freeBytes,
      };
      const { stdout } = await inOwnDisk(
        root,
        [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'full-disk.ts')],
        { FULL_DISK: JSON.stringify(task), NODE_NO_WARNINGS: '1' },
      );
      const found: unknown = JSON.parse(stdout);
      const each = {
        full: [
          {
            location: 'local',
            stored: false,
            failure: { type: 'store-unavailable', message: expect.stringContaining('(ENOSPC)') },
          },
          { location: 'second', stored: true, how: 'exported' },
        ],
        after: { unfinished: [], listed: false },
        mended: [
          { location: 'local', stored: true, how: 'copied' },
          { location: 'second', stored: true, how: 'already-there' },
        ],
      };
      expect(found).toMatchObject(freeBytes.map(() => each));
      expect(JSON.stringify(found)).toContain('Make room on the disk.');
      await Promise.all([rm(root, { recursive: true }), second.remove()]);
    },
  );

  it('S3 asks twice to slow down sends it again, and it is stored everywhere', async () => {
    let refusals = 0;
    proxy.failWith(({ method }) => {
      if (method !== 'PUT' || refusals === 2) return undefined;
      refusals += 1;
      return 503;
    });
    const { backup } = await store(['bulk'], both());
    expect(backup.locations).toEqual([
      { location: 'local', stored: true, how: 'exported' },
      { location: 's3', stored: true, how: 'exported' },
    ]);
    expect(refusals).toBe(2);
    await whole(storage.store);
  });

  it('S3 goes on asking to slow down tells of it, and what is here stays; the next run brings a copy', async () => {
    proxy.failWith(({ method }) => (method === 'PUT' ? 503 : undefined));
    const { backup } = await store(['bulk'], both());
    expect(backup.locations).toMatchObject([
      { location: 'local', stored: true, how: 'exported' },
      {
        location: 's3',
        stored: false,
        failure: { type: 'store-unavailable', message: expect.stringContaining('HTTP 503, SlowDown') },
      },
    ]);
    expect(proxy.seen.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(2);
    expect(await storage.store.list('')).toEqual([]);
    await whole(local.store);

    proxy.failWith(() => undefined);
    const mended = await store(['bulk'], both());
    expect(mended.backup.locations).toEqual([
      { location: 'local', stored: true, how: 'already-there' },
      { location: 's3', stored: true, how: 'copied' },
    ]);
    await whole(storage.store);
  });

  it('S3 takes the parts and not their end leaves no backup there, and the next run clears the parts away', async () => {
    proxy.failWith(({ method, path }) =>
      path.includes('uploadId') && (method === 'POST' || method === 'DELETE') ? 503 : undefined,
    );
    const { backup } = await store(['large'], both());
    expect(backup.locations).toMatchObject([
      { stored: true },
      { stored: false, failure: { type: 'store-unavailable' } },
    ]);
    expect(await listBackups(storage.store)).toEqual([]);
    expect(await storage.store.list('recent/')).toEqual([]);

    proxy.failWith(() => undefined);
    const mended = await store(['large'], both());
    expect(mended.backup.locations[1]).toEqual({ location: 's3', stored: true, how: 'copied' });
    expect(mended.leftovers).toMatchObject([
      { location: 'local', failure: null },
      { location: 's3', unfinished: 1, failure: null },
    ]);
  });

  it('the S3 server dies in the middle of it tells of it, and what is here stays; a new server gets a copy', async () => {
    const dying = await startTestStore();
    const way = await startProxy(dying.s3.endpoint);
    const there = createS3ObjectStore({ ...dying.s3, endpoint: way.endpoint, bucket: 'evidence' });
    let dead: Promise<void> | undefined;
    way.failWith(({ path }) => {
      if (dead !== undefined) return 'drop';
      if (!path.includes('partNumber=2')) return undefined;
      dead = dying.stop();
      return 'drop';
    });
    const { backup } = await store(['large'], [local.location, { name: 's3', store: there }]);
    expect(dead).toBeDefined();
    expect(backup.locations).toMatchObject([
      { location: 'local', stored: true, how: 'exported' },
      { location: 's3', stored: false, failure: { type: 'store-unavailable' } },
    ]);
    await whole(local.store);
    there.close();
    await way.stop();
    await dead;

    const mended = await store(['large'], both());
    expect(mended.backup.locations).toEqual([
      { location: 'local', stored: true, how: 'already-there' },
      { location: 's3', stored: true, how: 'copied' },
    ]);
    await whole(storage.store);
  });

  it('the database is restarted in the middle of it fails to be tried again, leaves nothing anywhere, and then succeeds', async () => {
    const restarting: VaultLocation = {
      name: 'local',
      store: {
        ...local.store,
        put: async (name, body, options) => {
          // Rows have come, and the others wait in the database until these are taken.
          await vi.waitFor(() => expect(body.readableLength).toBeGreaterThan(10_000), { timeout: 60_000 });
          await database.restart();
          return local.store.put(name, body, options);
        },
      },
    };
    const failure = await failureOf(store(['large'], [restarting, { name: 's3', store: s3 }]));
    expect(failure).toMatchObject({ type: 'database-unreachable', retried: true });
    expect(await local.store.list('')).toEqual([]);
    await expect.poll(() => readdir(join(local.root, '.unfinished'))).toEqual([]);
    expect(await storage.store.list('')).toEqual([]);

    const { backup } = await store(['large'], both());
    expect(backup.locations).toEqual([
      { location: 'local', stored: true, how: 'exported' },
      { location: 's3', stored: true, how: 'exported' },
    ]);
    expect(backup.tables).toEqual([{ table: 'large.noise', rows: 400_000 }]);
  });
});
