/** A recovery from a security breach after which credentials may still be known to somebody who must not have them. */
export interface UnfinishedBreach {
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  /** Whether it still runs. */
  readonly goesOn: boolean;
}
