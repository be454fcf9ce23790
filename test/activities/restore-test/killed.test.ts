import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createScratchPostgres } from '../../../activities/adapters/scratch-postgres/index.ts';
import { until } from '../../sandbox/postgres/condition.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { exportText, sourceOf } from './export-text.ts';
import { newServerFolder, openDatabase, ownServer, testRestoreOf } from './world.ts';

const owners: ChildProcess[] = [];
let folder: Awaited<ReturnType<typeof newServerFolder>>;
beforeAll(async () => {
  folder = await newServerFolder();
});
afterAll(() => folder.remove());
afterEach(async () => {
  await Promise.all(owners.splice(0).map(kill));
});

/** A restore test in a process of its own, which is reading rows. */
async function startOwner(productionUrl: string, where: string): Promise<ChildProcess> {
  const program = ['--import', 'tsx', join(import.meta.dirname, 'killed-owner.ts'), productionUrl, where];
  const owner = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  owners.push(owner);
  const [said] = await once(owner.stdout, 'data');
  expect(String(said)).toBe('loading');
  return owner;
}

async function kill(owner: ChildProcess): Promise<void> {
  if (owner.exitCode !== null || owner.signalCode !== null) return;
  const ended = once(owner, 'exit');
  owner.kill('SIGKILL');
  await ended;
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function onlyServer() {
  const servers = await folder.servers();
  expect(servers).toHaveLength(1);
  const [root = ''] = servers;
  return { root, pid: Number(readFileSync(join(root, 'server.pid'), 'utf8')) };
}

const untilGone = ({ root, pid }: { root: string; pid: number }) =>
  until('server and folder are gone', 60_000, () => (!isAlive(pid) && !existsSync(root)) || undefined);

describe('a restore test whose process is killed', () => {
  it('leaves neither server nor folder of its own', async () => {
    const owner = await startOwner('postgresql://nobody@127.0.0.1:1/none', folder.folderRoot);
    const server = await onlyServer();
    expect(isAlive(server.pid)).toBe(true);
    await kill(owner);
    await untilGone(server);
  });

  it('is made up for by the next one where its watchdog was killed as well', async () => {
    const owner = await startOwner('postgresql://nobody@127.0.0.1:1/none', folder.folderRoot);
    const server = await onlyServer();
    const { stdout } = await execa('ps', ['-eo', 'pid=,args=', '-ww']);
    const watchdog = stdout
      .split('\n')
      .find((line) => line.includes('postgres-watchdog') && line.includes(server.root));
    process.kill(Number.parseInt(watchdog ?? '', 10), 'SIGKILL');
    await kill(owner);
    expect(isAlive(server.pid)).toBe(true);
    const next = await createScratchPostgres(await ownServer(folder.folderRoot)).open();
    try {
      await untilGone(server);
    } finally {
      await next.close();
    }
  });

  it('leaves a database on an existing server until the next one, which leaves those of others alone', async () => {
    const [production, elsewhere] = await Promise.all([startTestCluster(), startTestCluster()]);
    try {
      const urlOf = ({ cluster }: typeof production) =>
        cluster.connectionString(cluster.superuser, 'postgres');
      const databases = async () =>
        (
          await elsewhere.query("SELECT datname FROM pg_database WHERE datname ~ 'restore_test' ORDER BY 1")
        ).map(([name]) => String(name));
      const handMade = `vendhub_restore_test_${Math.floor(Date.now() / 1000) - 600}`;
      await elsewhere.query(`CREATE DATABASE ${handMade}`);
      await elsewhere.query('CREATE DATABASE vendhub_restore_test_1700000000');
      const running = await startOwner(urlOf(production), urlOf(elsewhere));
      const killed = await startOwner(urlOf(production), urlOf(elsewhere));
      const [, ofRunning, ofKilled] = await databases();
      expect(await databases()).toHaveLength(3);
      await kill(killed);
      const text = await exportText(openDatabase(urlOf(production)), ['public']);
      await testRestoreOf(await sourceOf(text), {
        productionUrl: urlOf(production),
        server: { connectionString: urlOf(elsewhere) },
      });
      expect(await databases()).toEqual([handMade, ofRunning]);
      expect(ofKilled).toBeDefined();
      await kill(running);
    } finally {
      await Promise.all([production.cluster.dispose(), elsewhere.cluster.dispose()]);
    }
  });
});
