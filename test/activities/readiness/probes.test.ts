import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createS3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { answerWithin } from '../../../activities/readiness/answer-within.ts';
import { probeDatabase } from '../../../activities/readiness/probe-database.ts';
import { probeNewestBackups } from '../../../activities/readiness/probe-newest-backups.ts';
import { probeStores } from '../../../activities/readiness/probe-stores.ts';
import { storeBackup } from '../../../activities/vault/store-backup.ts';
import { shop, startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { failureOf } from '../failure-of.ts';
import { keyringOf, vaultOver, work } from '../vault/world.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
let storage: Awaited<ReturnType<typeof startTestStore>>;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dr-readiness-'));
  [cluster, storage] = await Promise.all([startTestCluster(), startTestStore()]);
  await storage.s3.createBucket('locked', { objectLock: true });
});
afterAll(async () => {
  await cluster?.cluster.dispose();
  await storage?.stop();
  await rm(root, { recursive: true, force: true });
});

describe('the probe of the database', () => {
  const database = () =>
    createPostgresDatabase({ connectionString: cluster.cluster.connectionString(shop, 'postgres') });

  it('reads version, clock and settings, as a role without any right', async () => {
    const facts = await probeDatabase(database(), { operatorCidrs: ['127.0.0.1/32'] });
    expect(facts).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
      trackCommitTimestamp: true,
      seenFrom: '127.0.0.1',
      seenFromPrivate: false,
      amongOperators: true,
    });
    expect(facts.majorVersion).toBe(Number(facts.version.split('.')[0]));
    expect(Math.abs(facts.clockAheadMs)).toBeLessThanOrEqual(facts.clockErrorMs + 5);
  });

  it('tells an address that the fence would shut out', async () => {
    for (const operatorCidrs of [[], ['203.0.113.0/24', '2001:db8::/32']]) {
      expect(await probeDatabase(database(), { operatorCidrs })).toMatchObject({ amongOperators: false });
    }
  });
});

describe('the probe of the places of backups', () => {
  it('leaves nothing behind, tells of Object Lock, and names the place that fails', async () => {
    const folder = createFolderStore({ root: join(root, 'written') });
    const locked = createS3ObjectStore({ ...storage.s3, bucket: 'locked' });
    const stranger = createS3ObjectStore({
      ...storage.s3,
      bucket: 'evidence',
      secretAccessKey: 'not the secret',
    });
    try {
      const [local, open, lock, refused] = await probeStores([
        { name: 'local', store: folder, freeBytes: () => folder.freeBytes() },
        { name: 's3', store: storage.store, protection: () => storage.store.protection() },
        { name: 's3-second', store: locked, protection: () => locked.protection() },
        { name: 'stranger', store: stranger, protection: () => stranger.protection() },
      ]);
      expect(local).toMatchObject({ problem: null, protection: null });
      expect(local?.freeBytes).toBeGreaterThan(0);
      expect(open).toMatchObject({ problem: null, protection: { objectLock: false } });
      expect(lock).toMatchObject({ problem: null, protection: { objectLock: true, versioning: true } });
      expect(refused).toMatchObject({
        problem: { happened: expect.stringContaining('refused writing'), next: expect.any(String) },
      });
      expect(JSON.stringify(refused)).not.toContain(storage.s3.accessKeyId);
      expect(await folder.list('')).toEqual([]);
      expect(await storage.store.list('')).toEqual([]);
    } finally {
      locked.close();
      stranger.close();
    }
  });

  it('does not wait for a place that is silent', async () => {
    const failure = await failureOf(answerWithin(20, 's3', new Promise<never>(() => undefined)));
    expect(failure).toMatchObject({ type: 'store-unavailable' });
    expect(failure.message).toContain('"s3" did not answer');
  });
});

describe('the probe of the newest backup', () => {
  it('opens it with the right key, and tells a wrong one, an altered one and none', async () => {
    const store = createFolderStore({ root: join(root, 'vault') });
    const location = { name: 'local', store };
    const connectionString = cluster.cluster.connectionString(cluster.cluster.superuser, 'postgres');
    const at = '2025-11-29T03:30:00Z';
    await cluster.sell(1);
    await storeBackup(
      vaultOver(connectionString, [location]),
      { kind: 'recent', at, schemas: ['public'], leftoversOlderThanMs: 1 },
      work,
    );
    const look = async (keyring = keyringOf()) =>
      (await probeNewestBackups({ locations: [location], keyring }, work))[0];

    expect(await look()).toMatchObject({
      key: expect.stringContaining('2025-11-29'),
      opened: 'all',
      snapshotAt: expect.stringContaining('T'),
      problem: null,
    });
    expect(await look(keyringOf('another passphrase'))).toMatchObject({
      opened: null,
      problem: { happened: expect.any(String) },
    });
    const key = (await look())?.key ?? '';
    await store.putText(key, 'something else', 'application/octet-stream');
    expect(await look()).toMatchObject({ opened: null, problem: { happened: expect.stringContaining(key) } });
    await store.remove(key);
    expect(await look()).toMatchObject({ key: null, opened: null, problem: null });
  });
});
