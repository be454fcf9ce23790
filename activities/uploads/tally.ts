import { CappedList, type SyncFailure, type SyncResult } from './result.ts';

/** Counts of a run while it goes on. */
export class Tally {
  phase: 'listing' | 'deleting' | 'transferring' | 'finishing' = 'listing';
  listed = { source: 0, destination: 0 };
  unchanged = 0;
  compared = 0;
  objects = 0;
  bytes = 0;
  resumedBytes = 0;
  replacedKept = 0;
  deletedKept = 0;
  purged = 0;
  changedMeanwhile = 0;
  unverified = 0;
  sourceWasEmpty = false;
  readonly leftAlone = new CappedList<string>();
  readonly newerKept = new CappedList<string>();
  readonly repaired = new CappedList<string>();
  readonly failures = new CappedList<SyncFailure>();
  readonly refused = new CappedList<{ key: string; why: string }>();

  /** What a heartbeat tells. */
  progress(): SyncProgress {
    const { phase, listed, objects, bytes, unchanged } = this;
    return { phase, listed: listed.source, unchanged, objects, bytes, failures: this.failures.size };
  }

  result(
    frame: Pick<SyncResult, 'from' | 'to' | 'run' | 'startedAt' | 'durationMs' | 'listingMs'>,
  ): SyncResult {
    return {
      ...frame,
      complete: this.failures.size === 0 && this.changedMeanwhile === 0,
      listed: { ...this.listed },
      unchanged: this.unchanged,
      compared: this.compared,
      transferred: { objects: this.objects, bytes: this.bytes },
      resumedBytes: this.resumedBytes,
      replacedKept: this.replacedKept,
      deletedKept: this.deletedKept,
      leftAlone: this.leftAlone.result(),
      newerKept: this.newerKept.result(),
      purged: this.purged,
      changedMeanwhile: this.changedMeanwhile,
      unverified: this.unverified,
      sourceWasEmpty: this.sourceWasEmpty,
      repaired: this.repaired.result(),
      failures: this.failures.result(),
      refused: this.refused.result(),
    };
  }
}

/** How far a run is. */
export interface SyncProgress {
  readonly phase: Tally['phase'];
  /** Objects that the source listed so far. */
  readonly listed: number;
  readonly unchanged: number;
  readonly objects: number;
  readonly bytes: number;
  readonly failures: number;
}
