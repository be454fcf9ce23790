/** How long something takes, in ms: from quickest to slowest by the procedure, or from the median to the worst measured. */
export interface ExpectedDuration {
  readonly minMs: number;
  readonly maxMs: number;
  /** What was measured here; absent while it is the procedure's figure. */
  readonly measured?: { readonly runs: number; readonly of: 'recoveries' | 'restore tests' };
}

/** How long restores, redeployments and whole steps take. */
export interface ExpectedDurations {
  readonly restore: ExpectedDuration;
  /** Of a backup of ours, from the first byte to a usable database; null until one was measured: no procedure names it. */
  readonly restoreOwnBackup: ExpectedDuration | null;
  readonly redeploy: ExpectedDuration;
  /** Whole steps by their id, without waits for people, as far as they were measured; absent where none was. */
  readonly steps?: Readonly<Record<string, ExpectedDuration>>;
}
