/** So many keys of a list at most, so that a result stays small enough to be recorded. */
const longestList = 50;

/** How many there were, and the first of them. */
export interface Capped<T> {
  readonly count: number;
  readonly first: readonly T[];
}

/** One object that could not be taken over. */
export interface SyncFailure {
  readonly key: string;
  /** Type of the project's error. */
  readonly type: string;
  readonly message: string;
}

/** What a synchronisation did. All of it can be recorded in a workflow history. */
export interface SyncResult {
  readonly from: string;
  readonly to: string;
  /** Name of the folder that keeps what this run deleted or replaced: its start, UTC, as `YYYY-MM-DDTHHMMSS.mmmZ`. */
  readonly run: string;
  /** Whether everything at the source that may be taken over is at the destination now. */
  readonly complete: boolean;
  readonly listed: { readonly source: number; readonly destination: number };
  /** As recorded on both sides: neither read nor written. */
  readonly unchanged: number;
  /** Not as recorded, but of equal content: read at most, not transferred. */
  readonly compared: number;
  readonly transferred: { readonly objects: number; readonly bytes: number };
  /** Bytes that an earlier, interrupted run had transferred already. */
  readonly resumedBytes: number;
  /** Transferred over an older version, which is kept. */
  readonly replacedKept: number;
  readonly deletedKept: number;
  /** At the destination only, and left there. */
  readonly leftAlone: Capped<string>;
  /** Newer at the destination than what a restore would bring, and left there. */
  readonly newerKept: Capped<string>;
  /** Kept long enough, and removed. */
  readonly purged: number;
  /** Changed or deleted at the source between listing and reading: the next run takes them up. */
  readonly changedMeanwhile: number;
  /** Transferred, with a checksum of our own recorded, but the server had none to compare it with. */
  readonly unverified: number;
  /** The source listed nothing while the destination holds objects: nothing was deleted. */
  readonly sourceWasEmpty: boolean;
  /** Copies that had changed although the source had not, and were fetched again. */
  readonly repaired: Capped<string>;
  readonly failures: Capped<SyncFailure>;
  readonly refused: Capped<{ readonly key: string; readonly why: string }>;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly listingMs: number;
}

/** Collects how many there were, and the first of them. */
export class CappedList<T> {
  private count = 0;
  private readonly first: T[] = [];

  add(item: T): void {
    this.count += 1;
    if (this.first.length < longestList) this.first.push(item);
  }

  get size(): number {
    return this.count;
  }

  result(): Capped<T> {
    return { count: this.count, first: this.first };
  }
}
