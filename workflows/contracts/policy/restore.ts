/** How everybody but the operator is shut out of the database, and when that counts as proved. */
export interface FencePolicy {
  /** CIDRs that keep access while everything else is shut out: where the operator and the worker connect from. */
  readonly operatorCidrs: readonly string[];
  /** For how long no transaction may be written before the database counts as silent. */
  readonly quietMs: number;
  /** How long the proof may take before it has failed. */
  readonly deadlineMs: number;
  /** Roads into the data which the fence cannot close; said in every plan. */
  readonly openRoads: readonly string[];
}

/** A row of our own that is written every few seconds, by which the recovery point is measured. */
export interface MarkerPolicy {
  /** How often it is written, ms: measured recovery points are exact to this. */
  readonly everyMs: number;
}

/** How large the copy that is taken before a rewind may be, bytes, and how long it may take, ms. */
export interface SafetyCopyPolicy {
  readonly maxBytes: number;
  readonly maxDurationMs: number;
}

/** How long the provider is waited for while it restores. */
export interface RestorePolicy {
  /** A request that was not sent by then is never sent. */
  readonly requestDeadlineMs: number;
  /** How long after the request the provider may take to show RESTORING. */
  readonly settleMs: number;
  /** How long a restore may take before it counts as stuck. */
  readonly deadlineMs: number;
  /** How far behind now the provider's newest recovery point may lie (Supabase: about 2 minutes). */
  readonly providerLagMs: number;
  /** Whether a person must look at the restored data before writers are let in again. */
  readonly confirmBeforeResume: boolean;
}
