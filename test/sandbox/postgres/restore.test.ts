import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from './condition.ts';
import { ClusterBusy, RestoreTargetRefused } from './index.ts';
import { startTestCluster } from './test-cluster.ts';

type TestCluster = Awaited<ReturnType<typeof startTestCluster>> & { readonly firstSecond: number };

/** A test with a cluster of its own that has a base backup; `firstSecond` is the first that can be restored. */
const withCluster = (run: (test: TestCluster) => Promise<void>) => async () => {
  const test = await startTestCluster();
  try {
    const { finishedAt } = await test.cluster.takeBaseBackup();
    await run({ ...test, firstSecond: Math.ceil(finishedAt / 1000) });
  } finally {
    await test.cluster.dispose();
  }
};

/** Resolves once the clock shows a later second, so that a commit from now on is after it. */
const untilPast = (unix: number) =>
  until(`second ${unix} has passed`, 60_000, () => Date.now() > unix * 1000 + 1 || undefined);

describe.concurrent('a restore', () => {
  it(
    'goes back in place, again and again, to any timeline',
    withCluster(async ({ cluster, sell, sold, query }) => {
      const { port } = cluster;
      const first = await sell(1);
      await untilPast(first);
      const second = await sell(2);
      await untilPast(second);
      await sell(3);
      await cluster.restoreTo(first);
      expect(await sold()).toEqual([1]);
      expect(cluster.timeline()).toBe(2);

      const fourth = await sell(4);
      await untilPast(fourth);
      await sell(5);
      await cluster.restoreTo(second);
      expect(await sold()).toEqual([1, 2]);
      expect(cluster.timeline()).toBe(3);

      await cluster.restoreTo(fourth);
      expect(await sold()).toEqual([1, 4]);
      expect(cluster).toMatchObject({ port, superuser: cluster.superuser });
      expect(cluster.timeline()).toBe(4);
      expect(cluster.status()).toBe('running');
      expect(await query('SELECT failed_count FROM pg_stat_archiver')).toEqual([['0']]);

      expect(await cluster.keptFolders()).toHaveLength(3);
      await cluster.discardKeptFolders();
      expect(await cluster.keptFolders()).toEqual([]);
    }),
  );

  it(
    'starts from a base backup of a later timeline where there is one',
    withCluster(async ({ cluster, sell, sold, folder }) => {
      const first = await sell(1);
      await untilPast(first);
      await sell(2);
      await cluster.restoreTo(first);
      const backup = await cluster.takeBaseBackup();
      expect(backup.timeline).toBe(2);
      await untilPast(Math.ceil(backup.finishedAt / 1000));
      const third = await sell(3);
      await untilPast(third);
      await sell(4);
      await rename(join(folder, 'base-backups', 'base-1'), join(folder, 'base-backups', 'hidden'));
      await cluster.restoreTo(third);
      expect(await sold()).toEqual([1, 3]);
    }),
  );

  it(
    'keeps everything when the timeline holds no commit after the target',
    withCluster(async ({ cluster, sell, sold }) => {
      const first = await sell(1);
      await untilPast(first);
      await cluster.restoreTo(first);
      const outage = first + 1;
      await untilPast(outage);
      await sell(2);
      await cluster.stop();
      const window = await cluster.restoreWindow();
      expect(window?.latestUnix).toBeGreaterThanOrEqual(outage);
      await cluster.restoreTo(outage);
      expect(await sold()).toEqual([1]);
    }),
  );

  it(
    'that dies midway says so, keeps the old data and can be tried again',
    withCluster(async ({ cluster, sell, sold, folder }) => {
      const first = await sell(1);
      await untilPast(first);
      await sell(2);
      const control = join(folder, 'base-backups', 'base-1', 'global', 'pg_control');
      await rename(control, `${control}.away`);
      await expect(cluster.restoreTo(first)).rejects.toThrow('PostgreSQL ended while starting');
      expect(cluster.status()).toBe('failed');
      expect(cluster.restoreFailure()?.message).toContain('pg_control');
      expect(cluster.processId()).toBeUndefined();
      await expect(cluster.start()).rejects.toThrow(ClusterBusy);
      const [kept = ''] = await cluster.keptFolders();
      expect(existsSync(join(kept, 'global', 'pg_control'))).toBe(true);

      await rename(`${control}.away`, control);
      await cluster.restoreTo(first);
      expect(cluster.status()).toBe('running');
      expect(cluster.restoreFailure()).toBeUndefined();
      expect(await sold()).toEqual([1]);
      expect(await cluster.keptFolders()).toEqual([kept]);
    }),
  );

  it(
    'does not run beside another',
    withCluster(async ({ cluster, sell }) => {
      const first = await sell(1);
      await untilPast(first);
      const [one, other] = await Promise.allSettled([cluster.restoreTo(first), cluster.restoreTo(first)]);
      expect(one.status).toBe('fulfilled');
      expect(other).toMatchObject({ reason: new ClusterBusy('Another restore is under way.') });
    }),
  );
});

describe.concurrent('the restore window', () => {
  it(
    'opens with the first commit after the base backup that is archived, and follows traffic by itself',
    withCluster(async ({ cluster, sell, firstSecond }) => {
      await untilPast(firstSecond);
      await sell(1);
      const opened = await until('the window opens', 60_000, () => cluster.restoreWindow());
      expect(opened.earliestUnix).toBe(firstSecond);
      const next = await sell(2);
      await untilPast(next);
      await sell(3);
      await until('the window follows', 60_000, async () => {
        const window = await cluster.restoreWindow();
        return (window !== undefined && window.latestUnix >= next) || undefined;
      });
    }),
  );

  it(
    'has edges that refuse with the server untouched, and that restore',
    withCluster(async ({ cluster, sell, sold, firstSecond }) => {
      await untilPast(firstSecond);
      await sell(1);
      const pid = cluster.processId();
      for (const [target, reason] of [
        [firstSecond - 1, 'no base backup was finished by then'],
        [0, 'no base backup was finished by then'],
        [Math.floor(Date.now() / 1000) + 60, 'it lies in the future'],
        [firstSecond + 0.5, 'the target is not a whole second'],
        [Number.NaN, 'the target is not a whole second'],
      ] as const) {
        const refusal = await cluster.restoreTo(target).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(RestoreTargetRefused);
        expect(String(refusal)).toContain(reason);
      }
      expect(cluster.processId()).toBe(pid);
      expect(cluster.status()).toBe('running');
      expect(await cluster.keptFolders()).toEqual([]);

      const now = Math.floor(Date.now() / 1000);
      await cluster.restoreTo(Math.max(now, firstSecond));
      await cluster.restoreTo(firstSecond);
      expect(await sold()).toEqual([]);
    }),
  );

  it(
    'ends at what was archived when the server is dead',
    withCluster(async ({ cluster, sell, sold, firstSecond }) => {
      await untilPast(firstSecond);
      const first = await sell(1);
      await untilPast(first);
      await cluster.archiveNow();
      const archived = (await cluster.restoreWindow())?.latestUnix ?? 0;
      expect(archived).toBeGreaterThanOrEqual(first);
      await untilPast(archived + 1);
      await cluster.stop('immediate');
      await expect(cluster.restoreTo(archived + 1)).rejects.toThrow('its WAL was not archived');
      expect(cluster.status()).toBe('stopped');
      expect((await cluster.restoreWindow())?.latestUnix).toBe(archived);
      await cluster.restoreTo(archived);
      expect(await sold()).toEqual([1]);
    }),
  );

  it('is not open without a base backup', async () => {
    const fresh = await startTestCluster();
    try {
      await fresh.cluster.archiveNow();
      expect(await fresh.cluster.restoreWindow()).toBeUndefined();
      const now = Math.floor(Date.now() / 1000);
      await expect(fresh.cluster.restoreTo(now)).rejects.toThrow('no base backup was finished by then');
    } finally {
      await fresh.cluster.dispose();
    }
  });
});
