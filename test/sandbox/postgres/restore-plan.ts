import type { WalArchive } from './archive.ts';
import { RestoreTargetRefused } from './errors.ts';
import type { RecoveryPlan } from './recovery.ts';
import type { RestoreWindow } from './sandbox-postgres.ts';
import { type BaseBackup, baseBackupFor, type Timeline, timelineAt } from './timelines.ts';

/** What is known of the past of a cluster. */
export interface RestoreHistory {
  readonly backups: readonly BaseBackup[];
  readonly timelines: readonly Timeline[];
  readonly archive: WalArchive;
}

/** The moments that can be restored from the archive as it is. */
export async function restoreWindow(history: RestoreHistory): Promise<RestoreWindow | undefined> {
  const [first] = history.backups;
  if (first === undefined) return undefined;
  const earliestUnix = Math.ceil(first.finishedAt / 1000);
  const latestUnix = await latestArchivedUnix(history);
  return latestUnix < earliestUnix ? undefined : { earliestUnix, latestUnix };
}

/**
 * Decides how to restore to a moment.
 *
 * @param archiveTail archives the living server's WAL up to now; gives false when there is none or it does not work
 * @throws RestoreTargetRefused when the moment cannot be restored
 */
export async function planRestore(
  history: RestoreHistory,
  targetUnix: number,
  archiveTail: () => Promise<boolean>,
): Promise<RecoveryPlan> {
  const { backups, timelines } = history;
  const moment = Number.isSafeInteger(targetUnix)
    ? new Date(targetUnix * 1000).toISOString()
    : String(targetUnix);
  const refuse = (why: string) => new RestoreTargetRefused(`Cannot restore to ${moment}: ${why}.`);
  if (!Number.isSafeInteger(targetUnix)) throw refuse('the target is not a whole second');
  if (targetUnix * 1000 > Date.now()) throw refuse('it lies in the future');
  const timeline = timelineAt(timelines, targetUnix);
  const backup = timeline && baseBackupFor(backups, timelines, timeline, targetUnix);
  if (timeline === undefined || backup === undefined) throw refuse('no base backup was finished by then');
  const tailArchived = await archiveTail();
  const archivedThroughUnix =
    timeline === timelines.at(-1) && timeline.archivedThroughMs === undefined
      ? await latestArchivedUnix(history)
      : (timeline.archivedThroughMs ?? 0) / 1000;
  const isLive = timeline === timelines.at(-1);
  if (!(isLive && tailArchived) && targetUnix > archivedThroughUnix) throw refuse('its WAL was not archived');
  return { backup, timeline: timeline.id, targetUnix };
}

/** The second of the newest archived commit; right after a restore, that of the restore. */
async function latestArchivedUnix({ timelines, archive }: RestoreHistory): Promise<number> {
  const current = timelines.at(-1);
  if (current === undefined) return 0;
  const before = Math.min(current.liveFromMs, timelines.at(-2)?.archivedThroughMs ?? 0);
  const newest = await archive.newestCommitMicros(current.id);
  return Math.max(Math.floor(before / 1000), newest === undefined ? 0 : Number(newest / 1_000_000n));
}
