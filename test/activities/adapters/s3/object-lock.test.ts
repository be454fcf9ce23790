import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../../activities/adapters/s3/client.ts';
import { createS3ObjectStore, type S3ObjectStore } from '../../../../activities/adapters/s3/index.ts';
import { startTestStore } from '../../../sandbox/s3/test-store.ts';

const bucket = 'locked';
const mode = 'GOVERNANCE';

describe('a bucket with Object Lock', () => {
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let store: S3ObjectStore;
  let client: ReturnType<typeof createClient>;
  beforeAll(async () => {
    storage = await startTestStore();
    await storage.s3.createBucket(bucket, { objectLock: true });
    store = createS3ObjectStore({ ...storage.s3, bucket });
    const { endpoint, region, accessKeyId, secretAccessKey } = storage.s3;
    client = createClient({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
  });
  afterAll(async () => {
    client?.destroy();
    store?.close();
    await storage?.stop();
  });

  const versionsOf = async (key: string) => {
    const { Versions: versions = [], DeleteMarkers: markers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
    );
    return { versions: versions.map(({ VersionId: id }) => id), markers: markers.length };
  };
  const inMs = (ms: number) => new Date(Date.now() + ms);

  it('locks an object, which then nobody deletes, and says until when', async () => {
    await store.putText('a', 'text', 'text/plain');
    expect(await store.holdOn('a')).toBeNull();
    const wanted = inMs(3_600_000);
    const until = await store.lock('a', { until: wanted, mode });
    expect(Math.abs(Date.parse(until ?? '') - wanted.getTime())).toBeLessThan(1_000);
    expect(await store.holdOn('a')).toBe(`locked until ${until?.slice(0, 19)}Z (Object Lock, governance)`);
    const [version] = (await versionsOf('a')).versions;
    await expect(
      client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a', VersionId: version })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('makes a lock longer and never shorter', async () => {
    await store.putText('b', 'text', 'text/plain');
    const first = await store.lock('b', { until: inMs(3_600_000), mode });
    expect(await store.lock('b', { until: inMs(60_000), mode })).toBe(first);
    const longer = await store.lock('b', { until: inMs(7_200_000), mode });
    expect(Date.parse(longer ?? '')).toBeGreaterThan(Date.parse(first ?? ''));
  });

  it('hides what is locked when it is removed, and keeps it', async () => {
    await store.putText('c', 'text', 'text/plain');
    await store.lock('c', { until: inMs(3_600_000), mode });
    await store.remove('c');
    expect(await store.getText('c')).toBeUndefined();
    expect(await versionsOf('c')).toMatchObject({ versions: [expect.any(String)], markers: 1 });
  });

  it('gives the room back when the lock has ended', async () => {
    await store.putText('d', 'text', 'text/plain');
    await store.lock('d', { until: inMs(3_000), mode });
    await expect.poll(() => store.holdOn('d')).toBeNull();
    await store.putText('d', 'newer', 'text/plain');
    await store.remove('d');
    expect(await versionsOf('d')).toEqual({ versions: [], markers: 0 });
  });

  it('has nothing to say in a bucket without it', async () => {
    await storage.store.putText('a', 'text', 'text/plain');
    expect(await storage.store.lock('a', { until: inMs(60_000), mode })).toBeNull();
    expect(await storage.store.holdOn('a')).toBeNull();
    expect(await storage.store.holdOn('not there')).toBeNull();
    await storage.store.remove('a');
    expect(await storage.store.getText('a')).toBeUndefined();
  });
});
