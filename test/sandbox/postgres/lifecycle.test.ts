import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locatePostgres } from '../../../activities/adapters/toolbox/index.ts';
import { until } from './condition.ts';
import {
  ClusterBusy,
  PostgresFailed,
  removeLeftovers,
  startSandboxPostgres,
  temporaryFolderRoot,
} from './index.ts';
import { queryAs, shop, startTestCluster } from './test-cluster.ts';

/** An immediate shutdown waits up to 5 s for a child that does not listen. */
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const untilGone = (pid: number, folder: string) =>
  until('server and folder are gone', 60_000, () => (!isAlive(pid) && !existsSync(folder)) || undefined);

/** A process that owns a cluster and can be killed. */
async function startOwner(folder: string) {
  const parameters = ['--import', 'tsx', join(import.meta.dirname, 'orphan-owner.ts'), folder];
  const owner = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = await once(owner.stdout, 'data');
  return { owner, serverPid: Number(String(chunk)) };
}

describe('a running cluster', () => {
  let test: Awaited<ReturnType<typeof startTestCluster>>;
  beforeAll(async () => {
    test = await startTestCluster();
  });
  afterAll(() => test.cluster.dispose());

  it.each([
    ['data_checksums', 'on'],
    ['archive_mode', 'on'],
    ['wal_level', 'replica'],
    ['track_commit_timestamp', 'on'],
    ['password_encryption', 'scram-sha-256'],
    ['shared_preload_libraries', 'pg_stat_statements'],
    ['wal_segment_size', '1MB'],
    ['TimeZone', 'UTC'],
  ])('has %s = %s', async (name, value) => {
    expect(await test.query(`SHOW ${name}`)).toEqual([[value]]);
  });

  it('lets a role in with its password only', async () => {
    expect(await queryAs(test.cluster.connectionString(shop, 'postgres'), 'SELECT current_user')).toEqual([
      ['shop'],
    ]);
    const wrong = test.cluster.connectionString({ ...shop, password: 'wrong' }, 'postgres');
    await expect(queryAs(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('comes back with its data after a stop and after a crash, and archives what a crash left behind', async () => {
    await test.sell(1);
    await test.cluster.stop();
    expect(test.cluster.status()).toBe('stopped');
    await expect(test.cluster.takeBaseBackup()).rejects.toThrow(ClusterBusy);
    await test.cluster.start();
    await test.sell(2);
    await test.cluster.stop('immediate');
    await test.cluster.start();
    expect(await test.sold()).toEqual([1, 2]);
    await test.cluster.archiveNow();
    expect(await test.query('SELECT failed_count FROM pg_stat_archiver')).toEqual([['0']]);
  });

  it('writes a log', async () => {
    expect(await readFile(test.cluster.logFile, 'utf8')).toContain(
      'database system is ready to accept connections',
    );
  });
});

describe('the end of a cluster', () => {
  it('removes server and folder, however often it is asked', async () => {
    const { cluster, folder } = await startTestCluster();
    const pid = cluster.processId() ?? 0;
    await cluster.dispose();
    await cluster.dispose();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it('comes in the middle of a restore that hangs', async () => {
    let enter: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const { cluster, folder, sell } = await startTestCluster({
      onRestorePhase: (phase) => {
        if (phase !== 'copying') return undefined;
        enter();
        return new Promise(() => undefined);
      },
    });
    const { finishedAt } = await cluster.takeBaseBackup();
    const target = Math.ceil(finishedAt / 1000);
    await until('the target has passed', 60_000, () => Date.now() > target * 1000 || undefined);
    await sell(1);
    const restore = cluster.restoreTo(target).catch((error: unknown) => error);
    await entered;
    expect(cluster.status()).toBe('restoring');
    await cluster.dispose();
    expect(await restore).toEqual(new Error('The cluster was disposed of.'));
    expect(existsSync(folder)).toBe(false);
  });

  it('comes by itself when the owner is killed', async () => {
    const folder = join(await temporaryFolderRoot(), `postgres-test-orphan-${process.pid}`);
    const { owner, serverPid } = await startOwner(folder);
    expect(isAlive(serverPid)).toBe(true);
    owner.kill('SIGKILL');
    await untilGone(serverPid, folder);
  });

  it('is made up for where even the watchdog was killed, and a living owner is left alone', async () => {
    const root = join(await temporaryFolderRoot(), `postgres-test-root-${process.pid}`);
    await mkdir(root, { mode: 0o755 });
    const folder = join(root, 'cluster');
    const { owner, serverPid } = await startOwner(folder);
    try {
      expect(await removeLeftovers(root)).toEqual([]);
      const { stdout } = await execa('ps', ['-eo', 'pid=,args=', '-ww']);
      const watchdog = stdout
        .split('\n')
        .find((line) => line.includes('postgres-watchdog') && line.includes(folder));
      process.kill(Number.parseInt(watchdog ?? '', 10), 'SIGKILL');
      owner.kill('SIGKILL');
      await once(owner, 'exit');
      expect(isAlive(serverPid)).toBe(true);
      expect(await removeLeftovers(root)).toEqual([folder]);
      await untilGone(serverPid, folder);
    } finally {
      owner.kill('SIGKILL');
      await rm(root, { recursive: true });
    }
  });

  it('does not end a stranger that has the number of a server long gone', async () => {
    const root = await mkdtemp(join(tmpdir(), 'postgres-test-leftovers-'));
    try {
      const dead = spawn('/bin/true');
      await once(dead, 'exit');
      for (const [name, owner] of [
        ['left', dead.pid],
        ['alive', process.pid],
      ] as const) {
        await mkdir(join(root, name));
        await writeFile(join(root, name, 'owner.pid'), String(owner));
        await writeFile(join(root, name, 'server.pid'), String(process.pid));
      }
      await mkdir(join(root, 'stranger'));
      expect(await removeLeftovers(root)).toEqual([join(root, 'left')]);
      expect(existsSync(join(root, 'alive'))).toBe(true);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

describe('a start that fails', () => {
  it('leaves nothing behind and shows the log', async () => {
    const { path: binFolder } = await locatePostgres();
    const folder = join(await temporaryFolderRoot(), `postgres-test-failing-${process.pid}`);
    const taken = await startTestCluster();
    try {
      const start = startSandboxPostgres({ folder, binFolder, port: taken.cluster.port });
      await expect(start).rejects.toThrow('could not bind');
      expect(existsSync(folder)).toBe(false);
    } finally {
      await taken.cluster.dispose();
    }
  });

  it('does not touch a folder that holds something', async () => {
    const { path: binFolder } = await locatePostgres();
    const folder = await mkdtemp(join(tmpdir(), 'postgres-test-full-'));
    try {
      await writeFile(join(folder, 'mine'), '');
      await expect(startSandboxPostgres({ folder, binFolder })).rejects.toThrow(PostgresFailed);
      expect(existsSync(join(folder, 'mine'))).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
