/** One life of the cluster, from its start or from the end of a restore to the next restore. */
export interface Timeline {
  readonly id: number;
  /** The timeline and moment that it continues; `undefined` for the first. */
  readonly origin: { readonly timeline: number; readonly targetUnix: number } | undefined;
  /** When it began to be the live one, in ms since the epoch; no commit of its own is earlier. */
  readonly liveFromMs: number;
  /**
   * Set when the server is shut down for a restore: up to when its commits are in the archive, in ms since the epoch;
   * infinite when all of them are.
   */
  readonly archivedThroughMs: number | undefined;
}

/** A base backup: the start of every recovery. */
export interface BaseBackup {
  readonly id: string;
  readonly timeline: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch; no earlier moment can be restored from it. */
  readonly finishedAt: number;
}

/**
 * The timeline that was live at a moment. A moment between a shutdown for a restore and the end of that restore still
 * belongs to the old one.
 */
export function timelineAt(timelines: readonly Timeline[], targetUnix: number): Timeline | undefined {
  return timelines.findLast(({ liveFromMs }) => liveFromMs <= targetUnix * 1000);
}

/**
 * The newest base backup that a recovery to a moment of a timeline can start from: taken on the timeline itself or,
 * before the branch, on one that it descends from.
 */
export function baseBackupFor(
  backups: readonly BaseBackup[],
  timelines: readonly Timeline[],
  timeline: Timeline,
  targetUnix: number,
): BaseBackup | undefined {
  const own = backups.findLast(
    (backup) => backup.timeline === timeline.id && backup.finishedAt <= targetUnix * 1000,
  );
  if (own !== undefined || timeline.origin === undefined) return own;
  const { timeline: parentId, targetUnix: branch } = timeline.origin;
  const parent = timelines.find(({ id }) => id === parentId);
  return parent && baseBackupFor(backups, timelines, parent, Math.min(targetUnix, branch));
}
