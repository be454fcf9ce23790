import { readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ServerProcess,
  spawnServer,
} from '../../../activities/adapters/scratch-postgres/server-process.ts';
import type { ServerAccount } from '../../../activities/adapters/toolbox/index.ts';
import type { ClusterLayout } from './layout.ts';
import type { RunProgram } from './programs.ts';
import type { BaseBackup } from './timelines.ts';

const endedBeforeTarget = 'recovery ended before configured recovery target was reached';

/** Where a recovery starts and where it goes. */
export interface RecoveryPlan {
  readonly backup: BaseBackup;
  /** Named always: `latest` would silently follow the other branch for a moment on an abandoned timeline. */
  readonly timeline: number;
  readonly targetUnix: number;
}

/** Copies the base backup to the data folder, which must not exist, and marks it for recovery. */
export async function prepareRecovery(
  runProgram: RunProgram,
  layout: ClusterLayout,
  backup: BaseBackup,
): Promise<void> {
  await runProgram('/bin/cp', ['-Rp', join(layout.baseBackups, backup.id), layout.data]);
  await writeFile(join(layout.data, 'recovery.signal'), '');
}

/**
 * Recovers the prepared data folder and promotes it. Commits of exactly the target second are kept. When the timeline
 * holds no commit after the target, PostgreSQL gives up; everything there is then belongs to the target, and the same
 * folder is started again without one.
 *
 * @throws PostgresFailed with the log's tail
 */
export async function recoverAndPromote(
  binFolder: string,
  layout: ClusterLayout,
  account: ServerAccount | undefined,
  plan: RecoveryPlan,
  onSpawn: (server: ServerProcess) => void,
): Promise<void> {
  const timeline = `recovery_target_timeline=${plan.timeline}`;
  const moment = new Date(plan.targetUnix * 1000).toISOString().replace('T', ' ').replace('.000Z', '+00');
  const target = [
    `recovery_target_time=${moment}`,
    'recovery_target_inclusive=on',
    'recovery_target_action=promote',
  ];
  const logStart = statSync(layout.log).size;
  const start = async (settings: readonly string[]) => {
    const server = spawnServer(binFolder, layout, account, settings);
    onSpawn(server);
    await server.untilReady();
  };
  try {
    await start([timeline, ...target]);
  } catch (error) {
    const log = readFileSync(layout.log).subarray(logStart).toString('utf8');
    if (!log.includes(endedBeforeTarget)) throw error;
    await start([timeline]);
  }
}
