/**
 * One tiny row that is written every few seconds in a schema of our own: every commit that is older than the newest one
 * of a restored database is in that database too. Holds no secret.
 */
export interface RecoveryMarker {
  /** Rises with every writing, also across restores. */
  readonly sequence: number;
  /** RFC 3339 UTC with µs, the database's clock, just before its commit. */
  readonly writtenAt: string;
  /** How often markers were written when this one was, ms. */
  readonly everyMs: number;
}

/** Up to which moment a recovery brought everything back, at least. */
export interface RecoveredTo {
  /** RFC 3339 UTC with µs. */
  readonly at: string;
  /** Whichever of the two is later: both prove the same. */
  readonly by: 'recovery-marker' | 'newest-commit';
  /** How often markers were written, ms: the true moment is at most so much later; null where no marker came back. */
  readonly markerEveryMs: number | null;
}

/** What became of one attempt to write a marker. It is never an error: the next attempt is a few seconds away. */
export type MarkerWriting =
  | { readonly kind: 'written'; readonly marker: RecoveryMarker }
  /** A recovery holds the environment, and proves that nobody writes. */
  | { readonly kind: 'held-back' }
  /** Such as a database that is gone, full or read-only; the reason holds no secret. */
  | { readonly kind: 'not-written'; readonly reason: string };
