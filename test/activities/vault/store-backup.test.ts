import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createS3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { applyRotation } from '../../../activities/vault/apply-rotation.ts';
import { manifestKey } from '../../../activities/vault/backup-name.ts';
import { createVaultActivities } from '../../../activities/vault/index.ts';
import { listBackups } from '../../../activities/vault/list-backups.ts';
import { newestVerified } from '../../../activities/vault/newest-verified.ts';
import { planRotation } from '../../../activities/vault/rotation-plan.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { validateBackups } from '../../../activities/vault/validate-backups.ts';
import { verifyContent } from '../../../activities/vault/verify-backup.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { startVaultDatabase } from './vault-database.ts';
import { keyringOf, newFolderLocation, passphrase, vaultOver, work } from './world.ts';

const run = promisify(execFile);
const opensslThere = await run('openssl', ['version']).then(
  () => true,
  () => false,
);
const leftoversOlderThanMs = 60_000;

describe('storing a backup', () => {
  let database: Awaited<ReturnType<typeof startVaultDatabase>>;
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let folder: Awaited<ReturnType<typeof newFolderLocation>>;
  let second: Awaited<ReturnType<typeof newFolderLocation>>;
  beforeAll(async () => {
    [database, storage] = await Promise.all([startVaultDatabase(), startTestStore()]);
  });
  afterAll(async () => {
    await storage.stop();
    await database.stop();
  });
  beforeEach(async () => {
    [folder, second] = await Promise.all([newFolderLocation(), newFolderLocation('second')]);
  });
  afterEach(async () => {
    await folder.remove();
    await second.remove();
  });

  const both = () => vaultOver(database.connectionString, [folder.location, second.location]);
  const daily = (at: string, schemas = ['shop']) =>
    ({ kind: 'daily', at, schemas, leftoversOlderThanMs }) as const;
  const friday = '2025-11-28T03:00:00Z';
  const key = 'daily/backup-2025-11-28.json.gz.enc';

  it.skipIf(!opensslThere)(
    'writes what plain openssl and gunzip read, by the command in the manifest',
    async () => {
      const vault = vaultOver(database.connectionString, [folder.location]);
      await storeBackup(vault, daily(friday, ['bulk', 'shop']), work);
      const { readWith, content } = JSON.parse(await readFile(join(folder.root, manifestKey(key)), 'utf8'));
      const { stdout } = await run('sh', ['-c', String(readWith)], {
        cwd: join(folder.root, 'daily'),
        env: { ...process.env, BACKUP_PASSPHRASE: passphrase },
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(Buffer.byteLength(stdout)).toBe(content.bytes);
      const lines = stdout.split('\n');
      const from = lines.findIndex((line) => line.startsWith('{"schema":"bulk","name":"lots"')) + 1;
      const rows = lines.slice(
        from,
        lines.findIndex((line, index) => index > from && line.startsWith(']')),
      );
      expect(content.tables[0]).toEqual({
        schema: 'bulk',
        name: 'lots',
        rows: 60_000,
        fingerprint: createHash('sha256')
          .update(`${rows.join('\n')}\n`)
          .digest('hex'),
      });
      expect(JSON.parse(stdout).tables).toHaveLength(3);
    },
  );

  it('stores at the folder and at S3, as an activity that tells what it does, and answers from what is there', async () => {
    const s3 = { name: 's3', store: storage.store };
    const deps = vaultOver(database.connectionString, [folder.location, s3]);
    const activities = createVaultActivities({
      ...deps,
      configurationPath: 'none',
      exchangedIn: async () => [],
    });
    const store = () => inActivity(activityEnvironment(), () => activities.storeBackup(daily(friday)));
    const made = await store();
    expect(made.backup.locations).toEqual([
      { location: 'local', stored: true, how: 'exported' },
      { location: 's3', stored: true, how: 'exported' },
    ]);
    const again = await store();
    expect(again.backup).toMatchObject({ sha256: made.backup.sha256, snapshotAt: made.backup.snapshotAt });
    expect(again.backup.locations.map((one) => one.stored && one.how)).toEqual([
      'already-there',
      'already-there',
    ]);
    const { content } = await verifyContent({ store: storage.store, keyring: keyringOf() }, key, work);
    expect(content.tables.map(({ rows }) => rows)).toEqual([0, 20]);
  });

  it('keeps a Saturday as weekly and the 1st as monthly', async () => {
    const { copies } = await storeBackup(both(), daily('2025-11-01T03:00:00Z'), work);
    expect(copies.map((copy) => copy.key)).toEqual([
      'weekly/backup-2025-11-01.json.gz.enc',
      'monthly/backup-2025-11-01.json.gz.enc',
    ]);
    for (const { store } of [folder, second]) {
      expect((await listBackups(store)).map(({ kind }) => kind)).toEqual(['daily', 'weekly', 'monthly']);
      for (const copy of copies) await verifyContent({ store, keyring: keyringOf() }, copy.key, work);
    }
    expect((await storeBackup(both(), daily(friday), work)).copies).toEqual([]);
  });

  it('tells of a location that fails, and mends it by a copy when repeated', async () => {
    const away = createS3ObjectStore({ ...storage.s3, endpoint: 'http://127.0.0.1:1', bucket: 'evidence' });
    const broken = { name: 'second', store: away };
    const vault = { ...both(), locations: [broken, folder.location] };
    const { backup } = await storeBackup(vault, daily(friday), work);
    expect(backup.locations).toMatchObject([
      { location: 'second', stored: false, failure: { type: 'store-unavailable' } },
      { location: 'local', stored: true, how: 'exported' },
    ]);
    expect(JSON.stringify(backup)).not.toContain(storage.s3.secretAccessKey);
    const mended = await storeBackup(both(), daily(friday), work);
    expect(mended.backup.sha256).toBe(backup.sha256);
    expect(mended.backup.locations).toEqual([
      { location: 'local', stored: true, how: 'already-there' },
      { location: 'second', stored: true, how: 'copied' },
    ]);
    away.close();
  });

  it('tells of a location that cannot be written while the others can', async () => {
    await writeFile(join(second.root, '.unfinished'), 'a file where a folder should be');
    const { backup } = await storeBackup(both(), daily(friday, ['bulk']), work);
    expect(backup.locations).toMatchObject([
      { location: 'local', stored: true },
      { location: 'second', stored: false, failure: { type: 'store-refused' } },
    ]);
  });

  it('fails when no location takes it, and with the error of an export that fails', async () => {
    const away = createS3ObjectStore({ ...storage.s3, endpoint: 'http://127.0.0.1:1', bucket: 'evidence' });
    const nowhere = vaultOver(database.connectionString, [{ name: 's3', store: away }]);
    expect((await failureOf(storeBackup(nowhere, daily(friday), work))).type).toBe('store-unavailable');
    away.close();
    expect((await failureOf(storeBackup(both(), daily(friday, ['nowhere']), work))).type).toBe(
      'input-invalid',
    );
    expect(await folder.store.list('')).toEqual([]);
  });

  it('stops when it is cancelled, and nothing is listed', async () => {
    const stop = new AbortController();
    const progress = () => stop.abort(new Error('cancelled'));
    await expect(
      storeBackup(both(), daily(friday, ['bulk']), { signal: stop.signal, progress }),
    ).rejects.toThrow('cancelled');
    expect(await listBackups(folder.store)).toEqual([]);
    await expect.poll(() => folder.store.list('')).toEqual([]);
  });

  it('replaces a damaged object, but leaves alone what another passphrase wrote', async () => {
    const vault = vaultOver(database.connectionString, [folder.location]);
    await storeBackup(vault, daily(friday), work);
    await writeFile(join(folder.root, key), 'damaged');
    const { backup } = await storeBackup(vault, daily(friday), work);
    expect(backup.locations).toMatchObject([{ how: 'exported' }]);
    await verifyContent({ store: folder.store, keyring: keyringOf() }, key, work);
    const stranger = { ...vault, keyring: keyringOf('quite an0ther secret') };
    expect((await failureOf(storeBackup(stranger, daily(friday), work))).type).toBe('verification-failed');
    await verifyContent({ store: folder.store, keyring: keyringOf() }, key, work);
  });

  it('finds the newest one that is whole, and the newest that shows a moment before another', async () => {
    const vault = vaultOver(database.connectionString, [folder.location]);
    const reading = { store: folder.store, keyring: keyringOf() };
    const first = await storeBackup(vault, daily('2025-11-27T03:00:00Z'), work);
    const later = await storeBackup(vault, daily(friday), work);
    expect((await newestVerified(reading, work)).backup?.key).toBe(later.backup.key);
    expect((await newestVerified(reading, work, { atOrBefore: first.backup.snapshotAt })).backup?.key).toBe(
      first.backup.key,
    );
    await writeFile(join(folder.root, key), 'damaged');
    const { backup, passedOver } = await newestVerified(reading, work);
    expect(backup?.key).toBe(first.backup.key);
    expect(passedOver).toMatchObject([{ key, failure: { type: 'verification-failed' } }]);
  });

  describe('and rotating', () => {
    const plan = async () =>
      planRotation(await listBackups(folder.store), {
        policy: { daily: 1, weekly: 1, monthly: 1, sql: 1, recentMs: 0 },
        newestVerified: key,
        now: friday,
      });
    const removedKeys = ['daily/backup-2025-11-27.json.gz.enc', 'daily/backup-2025-11-26.json.gz.enc'];
    beforeEach(async () => {
      const vault = vaultOver(database.connectionString, [folder.location]);
      for (const day of ['26', '27', '28']) await storeBackup(vault, daily(`2025-11-${day}T03:00:00Z`), work);
    });

    it('removes exactly what was planned, and does no harm when repeated', async () => {
      const planned = await plan();
      expect(planned.remove.map((one) => one.key)).toEqual(removedKeys);
      const apply = () => applyRotation(folder.store, planned, work);
      expect(await apply()).toEqual({ removed: removedKeys, refused: [] });
      expect((await folder.store.list('')).map((one) => one.key)).toEqual([key, manifestKey(key)]);
      expect((await apply()).refused).toEqual([]);
    });

    it('refuses when a backup came or went since the plan', async () => {
      const planned = await plan();
      await storeBackup(
        vaultOver(database.connectionString, [folder.location]),
        daily('2025-11-30T03:00:00Z'),
        work,
      );
      expect((await failureOf(applyRotation(folder.store, planned, work))).type).toBe('input-invalid');
      expect(await listBackups(folder.store)).toHaveLength(4);
    });

    it('reports what the store holds on to, and leaves that a backup', async () => {
      const stranger = createS3ObjectStore({
        ...storage.s3,
        bucket: 'evidence',
        secretAccessKey: 'wrong-secret',
      });
      const remove = (name: string) =>
        name === removedKeys[0] ? stranger.remove(name) : folder.store.remove(name);
      const { removed, refused } = await applyRotation({ ...folder.store, remove }, await plan(), work);
      stranger.close();
      expect(removed).toEqual([removedKeys[1]]);
      expect(refused).toMatchObject([{ key: removedKeys[0], failure: { type: 'store-refused' } }]);
      expect((await listBackups(folder.store)).map((one) => one.key)).toEqual([key, removedKeys[0]]);
    });
  });

  describe('and validating', () => {
    const policy = {
      freshWithinMs: 3_600_000,
      sizeFactor: 3,
      sizeHistory: 7,
      minFreeBytes: 1,
      historyMs: 30 * 86_400_000,
    };
    const validate = (changes: Partial<typeof policy> = {}, now = '2025-11-28T04:00:00Z') =>
      validateBackups(both(), { now, policy: { ...policy, ...changes } }, work);
    const failedIn = (checks: Awaited<ReturnType<typeof validate>>) =>
      checks.filter(({ passed }) => !passed).map(({ name }) => name);

    it('passes what is right, and names what is not', async () => {
      for (const day of ['25', '26', '27', '28']) {
        await storeBackup(both(), daily(`2025-11-${day}T03:00:00Z`), work);
      }
      expect(failedIn(await validate())).toEqual([]);
      expect((await validate()).map(({ name }) => name)).toEqual([
        'own export present (local)',
        'own export present (second)',
        'checksum right and decryptable (local)',
        'checksum right (second)',
        'own export fresh',
        'own export of reasonable size',
        'own history of daily backups',
        'older exports whole (local)',
        'older exports whole (second)',
        'second copy equal (second)',
        'free space (local)',
        'free space (second)',
      ]);
      const late = await validate({}, '2035-01-01T00:00:00Z');
      const figureOf = (name: string) => late.find((check) => check.name === name)?.measured ?? 0;
      expect(figureOf('own export fresh')).toBeGreaterThan(365 * 86_400_000);
      const { size } = await stat(join(folder.root, 'daily/backup-2025-11-28.json.gz.enc'));
      expect(figureOf('own export of reasonable size')).toBe(size);
      expect(failedIn(late)).toEqual(['own export fresh', 'own history of daily backups']);
      expect(failedIn(await validate({ minFreeBytes: 2 ** 60 }))).toEqual([
        'free space (local)',
        'free space (second)',
      ]);

      await storeBackup(both(), daily('2025-11-29T03:00:00Z', ['bulk']), work);
      const nextDay = '2025-11-29T04:00:00Z';
      expect(failedIn(await validate({}, nextDay))).toEqual(['own export of reasonable size']);

      await writeFile(join(second.root, 'daily/backup-2025-11-29.json.gz.enc'), 'damaged');
      expect(failedIn(await validate({ sizeFactor: 1e6 }, nextDay))).toEqual([
        'checksum right (second)',
        'older exports whole (second)',
        'second copy equal (second)',
      ]);
    });

    it('names a backup that became too small', async () => {
      for (const day of ['25', '26', '27']) {
        await storeBackup(both(), daily(`2025-11-${day}T03:00:00Z`, ['bulk']), work);
      }
      await storeBackup(both(), daily('2025-11-28T03:00:00Z'), work);
      expect(failedIn(await validate())).toEqual(['own export of reasonable size']);
    });

    it('does not throw where nothing is, or nobody answers', async () => {
      const away = createS3ObjectStore({ ...storage.s3, endpoint: 'http://127.0.0.1:1', bucket: 'evidence' });
      const vault = { ...both(), locations: [folder.location, { name: 's3', store: away }] };
      const checks = await validateBackups(vault, { now: friday, policy }, work);
      away.close();
      expect(failedIn(checks)).toEqual([
        'own export present (local)',
        'own export present (s3)',
        'checksum right and decryptable (local)',
        'checksum right (s3)',
        'own export fresh',
        'own export of reasonable size',
        'own history of daily backups',
        'second copy equal (s3)',
      ]);
      expect(checks.find(({ name }) => name === 'own export present (s3)')?.found).toContain('ECONNREFUSED');
    });
  });

  it('does not follow a link that leads out of the folder', async () => {
    await mkdir(join(second.root, 'elsewhere'));
    await symlink(join(second.root, 'elsewhere'), join(folder.root, 'daily'));
    const { backup } = await storeBackup(both(), daily(friday), work);
    expect(backup.locations).toMatchObject([
      { stored: false, failure: { type: 'store-refused' } },
      { stored: true },
    ]);
  });
});
