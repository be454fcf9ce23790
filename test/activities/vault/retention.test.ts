import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { CancelledFailure } from '@temporalio/activity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../activities/adapters/s3/client.ts';
import { createS3ObjectStore, type S3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { applyRotation } from '../../../activities/vault/apply-rotation.ts';
import { createVaultActivities } from '../../../activities/vault/index.ts';
import { alsoKeptAs } from '../../../activities/vault/keep-as.ts';
import { listBackups } from '../../../activities/vault/list-backups.ts';
import { planAtLocation } from '../../../activities/vault/plan-at-location.ts';
import { procedureRotation } from '../../../activities/vault/rotation-plan.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { startVaultDatabase } from './vault-database.ts';
import { newFolderLocation, vaultOver, work } from './world.ts';

const bucket = 'locked';
const dayMs = 86_400_000;
const locking = { mode: 'GOVERNANCE', rotation: procedureRotation } as const;
/** Some days from so long ago on, of which no backup is kept as weekly or monthly too. */
function plainDays(from: number, count: number): number[] {
  const isPlain = (days: number) =>
    alsoKeptAs(new Date(Date.now() - days * dayMs).toISOString()).length === 0;
  return Array.from({ length: 2 * count }, (_, index) => from + index)
    .filter(isPlain)
    .slice(0, count);
}
/** Keeps one of each kind. */
const strict = { ...procedureRotation, daily: 1, weekly: 1, monthly: 1, recentMs: 0 };

describe('the retention of backups', () => {
  let database: Awaited<ReturnType<typeof startVaultDatabase>>;
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let local: Awaited<ReturnType<typeof newFolderLocation>>;
  let store: S3ObjectStore;
  // Locks end on a whole second.
  const today = Math.floor(Date.now() / 1000) * 1000;
  const daysAgo = (days: number) => new Date(today - days * dayMs).toISOString();

  beforeAll(async () => {
    [database, storage, local] = await Promise.all([
      startVaultDatabase(),
      startTestStore(),
      newFolderLocation(),
    ]);
    await storage.s3.createBucket(bucket, { objectLock: true });
    store = createS3ObjectStore({ ...storage.s3, bucket });
  });
  afterAll(async () => {
    store?.close();
    await local?.remove();
    await storage?.stop();
    await database?.stop();
  });

  const vault = () => vaultOver(database.connectionString, [local.location, { name: 's3', store }]);
  const keep = (days: number) =>
    storeBackup(
      vault(),
      { kind: 'daily', at: daysAgo(days), schemas: ['shop'], leftoversOlderThanMs: 60_000, locking },
      work,
    );
  const plan = (location: string, now = new Date().toISOString()) =>
    planAtLocation(vault(), { location, policy: strict, now }, work);

  it('locks a backup where the bucket can, until the rotation would let it go, and leaves it till then', async () => {
    const { backup: old } = await keep(10);
    const { backup: newest } = await keep(1);
    const until = `${new Date(today + 20 * dayMs).toISOString().slice(0, 16)}`;
    expect(old.locations).toMatchObject([
      { location: 'local', stored: true },
      { location: 's3', stored: true, lock: { until: expect.stringContaining(until) } },
    ]);
    expect(old.locations[0]).not.toHaveProperty('lock');

    const atS3 = await plan('s3');
    expect(atS3.remove).toEqual([]);
    expect(atS3.keep.find(({ key }) => key === old.key)).toMatchObject({
      held: true,
      why: expect.stringMatching(/^older than the newest 1 daily ones, but locked until 20.*Object Lock/),
    });
    expect(await applyRotation(store, atS3, work)).toEqual({ removed: [], refused: [] });
    const deleting = createClient({
      endpoint: storage.s3.endpoint,
      region: storage.s3.region,
      forcePathStyle: true,
      credentials: storage.s3,
    });
    const { Versions: versions = [] } = await deleting.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: old.key }),
    );
    expect(versions).toHaveLength(2);
    for (const { Key: key, VersionId: version } of versions) {
      await expect(
        deleting.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: version })),
      ).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    deleting.destroy();
    const kept = (await listBackups(store)).filter(({ kind }) => kind === 'daily').map(({ key }) => key);
    expect(kept).toEqual([newest.key, old.key]);

    const here = await plan('local');
    expect(here.remove.map(({ key }) => key)).toEqual([old.key]);
    expect((await applyRotation(local.store, here, work)).removed).toEqual([old.key]);
  });

  it('tells that a lock failed, and the backup stays', async () => {
    const lock = () => storage.store.get('there is no such object').then(() => null);
    const locations = [{ name: 's3', store: { ...store, lock } }];
    const { backup } = await storeBackup(
      { ...vault(), locations },
      { kind: 'recent', at: daysAgo(0), schemas: ['shop'], leftoversOlderThanMs: 60_000, locking },
      work,
    );
    expect(backup.locations).toMatchObject([
      { stored: true, how: 'exported', lock: { failure: { type: 'store-refused' } } },
    ]);
  });

  it('removes nothing for looking, and stops before the next one when a recovery wants it to', async () => {
    for (const days of plainDays(40, 3)) await keep(days);
    const before = await local.store.list('');
    const planned = await plan('local');
    expect(planned.remove).toHaveLength(3);
    expect(await local.store.list('')).toEqual(before);

    const environment = activityEnvironment();
    const remove = async (key: string) => {
      await local.store.remove(key);
      environment.cancel('CANCELLED');
    };
    const locations = [{ name: 'local', store: { ...local.store, remove } }];
    const activities = createVaultActivities({
      ...vault(),
      locations,
      configurationPath: 'none',
      exchangedIn: async () => [],
    });
    await expect(
      inActivity(environment, () => activities.applyBackupRotation({ location: 'local', plan: planned })),
    ).rejects.toThrow(CancelledFailure);
    const left = (await listBackups(local.store)).map(({ key }) => key);
    expect(planned.remove.map(({ key }) => left.includes(key))).toEqual([false, true, true]);
  });
});
