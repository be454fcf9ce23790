import { createHash } from 'node:crypto';
import { CancelledFailure } from '@temporalio/common';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createBackupActivities } from '../../../activities/backup/index.ts';
import type { Database, ObjectStore } from '../../../activities/ports.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';

describe('a safety copy', () => {
  let cluster: Awaited<ReturnType<typeof startTestCluster>>['cluster'];
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let database: Database;
  let client: Client;
  let locker: Client;

  beforeAll(async () => {
    [{ cluster }, storage] = await Promise.all([startTestCluster(), startTestStore()]);
    const connectionString = cluster.connectionString(cluster.superuser, 'postgres');
    database = createPostgresDatabase({ connectionString, applicationName: 'copy-under-test' });
    client = new Client({ connectionString });
    await client.connect();
    locker = new Client({ connectionString });
    await locker.connect();
    await client.query(
      `CREATE SCHEMA bulk;
       CREATE TABLE bulk.lots AS SELECT id, repeat(md5(id::text), 8) AS noise FROM generate_series(1, 70000) AS id;
       INSERT INTO sales SELECT generate_series(1, 3)`,
    );
  });
  afterAll(async () => {
    await client.end();
    await locker.end();
    await storage.stop();
    await cluster.dispose();
  });

  const roomy = { schemas: ['public'], maxBytes: 1e12, maxDurationMs: 300_000 };
  const take = (
    input: { key: string; schemas?: string[]; maxBytes?: number; maxDurationMs?: number },
    store: ObjectStore = storage.store,
    environment = activityEnvironment(),
  ) =>
    inActivity(environment, () =>
      createBackupActivities({ database, store }).takeSafetyCopy({ ...roomy, ...input }),
    );

  const sessionsOfTheCopy = async () => {
    const { rows } = await client.query(
      "SELECT pid, query FROM pg_stat_activity WHERE application_name = 'copy-under-test'",
    );
    return rows;
  };

  const whileSalesAreLocked = async (work: () => Promise<void>) => {
    await locker.query('BEGIN; LOCK TABLE sales IN ACCESS EXCLUSIVE MODE');
    try {
      await work();
    } finally {
      await locker.query('ROLLBACK');
    }
  };

  const untilItWaitsForTheLock = () =>
    vi.waitFor(
      async () =>
        expect(await sessionsOfTheCopy()).toMatchObject([{ query: expect.stringContaining('LOCK TABLE') }]),
      { timeout: 60_000 },
    );

  const untilAllItsSessionsAreClosed = () =>
    vi.waitFor(async () => expect(await sessionsOfTheCopy()).toEqual([]), { timeout: 60_000 });

  it('is what the store gives back, and says what it holds', async () => {
    const environment = activityEnvironment();
    const heartbeats: unknown[] = [];
    environment.on('heartbeat', (details) => heartbeats.push(details));
    const copy = await take(
      { key: 'copies/first.json', schemas: ['public', 'bulk'] },
      storage.store,
      environment,
    );
    const text = await storage.store.getText('copies/first.json');
    expect(copy).toMatchObject({
      bucket: 'evidence',
      key: 'copies/first.json',
      bytes: Buffer.byteLength(text ?? ''),
      sha256: createHash('sha256')
        .update(text ?? '')
        .digest('hex'),
      tables: [
        { table: 'bulk.lots', rows: 70_000 },
        { table: 'public.sales', rows: 3 },
      ],
    });
    expect(copy.bytes).toBeGreaterThan(16 * 1024 * 1024);
    expect(Math.abs(Date.now() - Date.parse(copy.snapshotAt))).toBeLessThan(60_000);
    expect(heartbeats).toContainEqual({ phase: 'writing', bytes: copy.bytes });
    await untilAllItsSessionsAreClosed();
  });

  it('replaces an earlier one of the same key', async () => {
    const first = await take({ key: 'copies/again.json' });
    await client.query('INSERT INTO sales VALUES (4)');
    const second = await take({ key: 'copies/again.json' });
    expect(second.sha256).not.toBe(first.sha256);
    const text = await storage.store.getText('copies/again.json');
    expect(
      createHash('sha256')
        .update(text ?? '')
        .digest('hex'),
    ).toBe(second.sha256);
  });

  it('is not begun for a database above the limit', async () => {
    const failure = await failureOf(take({ key: 'copies/large.json', maxBytes: 1_000 }));
    expect(failure.type).toBe('safety-copy-too-large');
    expect(await storage.store.getText('copies/large.json')).toBeUndefined();
  });

  it('is given up in time, even where the database hangs, and leaves no session or object', async () => {
    await whileSalesAreLocked(async () => {
      const failure = await failureOf(take({ key: 'copies/slow.json', maxDurationMs: 300 }));
      expect(failure.type).toBe('safety-copy-too-slow');
    });
    await untilAllItsSessionsAreClosed();
    expect(await storage.store.getText('copies/slow.json')).toBeUndefined();
  });

  it('ends with the activity when that is cancelled', async () => {
    const environment = activityEnvironment();
    await whileSalesAreLocked(async () => {
      const copy = take({ key: 'copies/cancelled.json' }, storage.store, environment);
      const cancelled = expect(copy).rejects.toThrow(CancelledFailure);
      await untilItWaitsForTheLock();
      environment.cancel();
      await cancelled;
    });
    await untilAllItsSessionsAreClosed();
    expect(await storage.store.getText('copies/cancelled.json')).toBeUndefined();
  });

  it('does not count when the connection to the database breaks midway', async () => {
    await storage.store.putText('copies/broken.json', 'an older object', 'application/json');
    await whileSalesAreLocked(async () => {
      const failure = failureOf(take({ key: 'copies/broken.json' }));
      await untilItWaitsForTheLock();
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'copy-under-test'",
      );
      expect((await failure).type).toBe('database-unreachable');
    });
    expect(await storage.store.getText('copies/broken.json')).toBe('an older object');
  });

  it.each([
    ['altered', (text: string) => text.replace('["1"]', '["7"]')],
    ['cut short', (text: string) => text.slice(0, -100)],
    ['replaced by another that is whole in itself', () => ''],
  ])('does not count when the stored object was %s', async (what, alter) => {
    const key = `copies/${what.slice(0, 3)}.json`;
    await take({ key: 'copies/other.json' });
    const other = await storage.store.getText('copies/other.json');
    const tampered: ObjectStore = {
      ...storage.store,
      async put(...put) {
        const result = await storage.store.put(...put);
        const text = (await storage.store.getText(key)) ?? '';
        await storage.store.putText(key, alter(text) || (other ?? ''), 'application/json');
        return result;
      },
    };
    expect(await failureOf(take({ key }, tampered))).toMatchObject({
      type: 'safety-copy-unverified',
      retried: false,
    });
  });
});
