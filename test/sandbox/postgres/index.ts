import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ServerProcess,
  spawnServer,
} from '../../../activities/adapters/scratch-postgres/server-process.ts';
import { startWatchdog } from '../../../activities/adapters/scratch-postgres/watchdog.ts';
import {
  folderClosedToOthers,
  type ServerAccount,
  serverAccount,
} from '../../../activities/adapters/toolbox/index.ts';
import { freeServerPort } from '../process/free-port.ts';
import { accessRules, unrestricted } from './access-rules.ts';
import { Cluster } from './cluster.ts';
import { type ServerSettings, serverConfiguration } from './configuration.ts';
import { PostgresFailed } from './errors.ts';
import { type ClusterLayout, clusterLayout } from './layout.ts';
import { writeAccessRules } from './network-restrictions.ts';
import { programRunner, type RunProgram } from './programs.ts';
import type { SandboxPostgresOptions } from './sandbox-postgres.ts';
import type { Role } from './superuser.ts';

export { removeLeftovers } from '../../../activities/adapters/scratch-postgres/leftovers.ts';
export { ClusterBusy, PostgresFailed, RestoreTargetRefused } from './errors.ts';
export { temporaryFolderRoot } from './folder-root.ts';
export type {
  ClusterStatus,
  RestorePhase,
  RestoreWindow,
  SandboxPostgres,
  SandboxPostgresOptions,
} from './sandbox-postgres.ts';
export type { Role } from './superuser.ts';
export type { BaseBackup } from './timelines.ts';

const portAttempts = 3;

/**
 * Makes and starts a new cluster. When this process dies in whatever way, the server and the folder go with it.
 *
 * @throws PostgresFailed when it cannot be made or started; nothing is left then
 */
export async function startSandboxPostgres(options: SandboxPostgresOptions): Promise<Cluster> {
  const account = await serverAccount();
  const layout = clusterLayout(options.folder);
  const superuser = { name: 'supabase_admin', password: randomBytes(18).toString('base64url') };
  const runProgram = programRunner(options.binFolder, account);
  await prepareRoot(layout.root, account);
  const watchdog = startWatchdog(layout);
  try {
    await makeFolders(layout, account);
    await initializeData(runProgram, layout, superuser, account);
    await writeFile(layout.userNameMap, '', { mode: 0o644 });
    await writeAccessRules(
      layout.accessRules,
      accessRules(superuser.name, { cidrs: unrestricted, sslEnforced: false }),
    );
    const { server, port } = await firstStart(options, layout, account);
    const onRestorePhase = options.onRestorePhase ?? (() => undefined);
    const { binFolder } = options;
    return new Cluster({
      layout,
      binFolder,
      account,
      runProgram,
      port,
      superuser,
      server,
      watchdog,
      onRestorePhase,
    });
  } catch (error) {
    await watchdog.release();
    throw error;
  }
}

/** The folder is removed at the end with all that is in it, so it must be the cluster's own. */
async function prepareRoot(root: string, account: ServerAccount | undefined): Promise<void> {
  await mkdir(root, { recursive: true });
  if ((await readdir(root)).length > 0) throw new PostgresFailed(`${root} is not empty.`);
  const closed = account === undefined ? undefined : await folderClosedToOthers(dirname(root));
  if (closed !== undefined) throw new PostgresFailed(`${closed} cannot be entered by the server's account.`);
}

async function makeFolders(layout: ClusterLayout, account: ServerAccount | undefined): Promise<void> {
  await writeFile(layout.ownerPid, String(process.pid));
  for (const folder of [layout.root, layout.archive, layout.baseBackups, layout.kept]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
    if (account !== undefined) await chown(folder, account.uid, account.gid);
  }
}

async function initializeData(
  runProgram: RunProgram,
  layout: ClusterLayout,
  superuser: Role,
  account: ServerAccount | undefined,
): Promise<void> {
  const passwordFile = join(layout.root, 'password');
  await writeFile(passwordFile, superuser.password, { mode: 0o600 });
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
  const format = ['-N', '-k', '--wal-segsize=1', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
  await runProgram('initdb', [
    ...format,
    '-D',
    layout.data,
    '-U',
    superuser.name,
    `--pwfile=${passwordFile}`,
  ]);
  await rm(passwordFile);
}

async function firstStart(
  options: SandboxPostgresOptions,
  layout: ClusterLayout,
  account: ServerAccount | undefined,
): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freeServerPort());
    const settings: ServerSettings = {
      port,
      listenAddresses: ['127.0.0.1', ...(options.extraListenAddresses ?? [])],
      archiveTimeoutSeconds: options.archiveTimeoutSeconds ?? 2,
    };
    await writeFile(layout.configuration, serverConfiguration(layout, settings), { mode: 0o644 });
    const server = spawnServer(options.binFolder, layout, account);
    const failure = await server.untilReady().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return { server, port };
    await server.stop('immediate');
    const taken = (await readFile(layout.log, 'utf8')).includes('could not bind');
    if (!taken || options.port !== undefined || attempt === portAttempts) {
      throw failure instanceof Error ? failure : new PostgresFailed(String(failure));
    }
  }
}
