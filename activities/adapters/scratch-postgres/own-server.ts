import { randomBytes, randomInt } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ScratchServer } from '../../ports.ts';
import { removeLeftovers } from './leftovers.ts';
import { PostgresFailed } from './postgres-failed.ts';
import { scratchConfiguration } from './server-configuration.ts';
import { type ServerAccount, type ServerLayout, serverLayout } from './server-layout.ts';
import { type ServerProcess, spawnServer } from './server-process.ts';
import { startWatchdog } from './watchdog.ts';

/** How a server of one's own is made. */
export interface OwnServerOptions {
  /** Folder of the PostgreSQL programs. */
  readonly binFolder: string;
  /** Account to run the server under; undefined for one's own. PostgreSQL refuses root. */
  readonly account: ServerAccount | undefined;
  /** Existing folder that the server's folder is made in; the account must be able to enter it. */
  readonly folderRoot: string;
}

const folderPrefix = 'vendhub-dr-scratch-';
const superuser = 'restore_test';
const portAttempts = 5;
/** What PostgreSQL says of a port that somebody else has, at two levels of its log. */
const portTaken = /could not (?:bind|create any TCP\/IP sockets)/;
const foldersInUse = new Set<string>();

/**
 * Makes a new server on 127.0.0.1, with a port and a password drawn by lot. However this process ends, the server and
 * its folder go with it; what was left where even that failed is removed first.
 *
 * @throws PostgresFailed when it cannot be made or started; nothing is left then
 */
export async function startOwnServer(options: OwnServerOptions): Promise<ScratchServer> {
  const { folderRoot, account, binFolder } = options;
  await removeLeftovers(folderRoot, { prefix: folderPrefix, inUse: (root) => foldersInUse.has(root) });
  const layout = serverLayout(await mkdtemp(join(folderRoot, folderPrefix)));
  foldersInUse.add(layout.root);
  const watchdog = startWatchdog(layout);
  const release = async () => {
    await rm(layout.root, { recursive: true, force: true });
    await watchdog.release();
    foldersInUse.delete(layout.root);
  };
  try {
    await writeFile(layout.ownerPid, String(process.pid));
    const password = randomBytes(24).toString('base64url');
    await giveTo(account, layout.root, 0o700);
    await initialize(options, layout, password);
    const { server, port } = await start(binFolder, account, layout);
    return {
      disposable: true,
      connectionString: (database = 'postgres') =>
        `postgresql://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
      close: async () => {
        await server.stop('immediate');
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function giveTo(account: ServerAccount | undefined, path: string, mode: number): Promise<void> {
  await chmod(path, mode);
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

async function initialize(
  { binFolder, account }: OwnServerOptions,
  layout: ServerLayout,
  password: string,
): Promise<void> {
  const passwordFile = join(layout.root, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveTo(account, passwordFile, 0o600);
  await mkdir(layout.data);
  await giveTo(account, layout.data, 0o700);
  const format = ['--no-sync', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
  const { failed, shortMessage, stderr } = await execa(
    join(binFolder, 'initdb'),
    [...format, '-D', layout.data, '-U', superuser, `--pwfile=${passwordFile}`],
    {
      ...account,
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    },
  );
  await rm(passwordFile);
  if (failed) throw new PostgresFailed(`initdb: ${shortMessage}\n${stderr}`);
}

/** The server itself tries the port: a port that was free a moment ago may be taken. */
async function start(
  binFolder: string,
  account: ServerAccount | undefined,
  layout: ServerLayout,
): Promise<{ readonly server: ServerProcess; readonly port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    // Below the range that systems take outgoing ports from.
    const port = randomInt(20_000, 32_000);
    await writeFile(layout.configuration, scratchConfiguration(layout, port), { mode: 0o644 });
    const server = spawnServer(binFolder, layout, account);
    try {
      await server.untilReady();
      return { server, port };
    } catch (error) {
      await server.stop('immediate');
      const taken = portTaken.test(await readFile(layout.log, 'utf8'));
      if (!taken || attempt === portAttempts) throw error;
    }
  }
}
