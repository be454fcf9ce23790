/** Something that only a person can know, and for how long their word counts. */
export interface AttestationSpec {
  /** What `dr attest` is told, such as `team-trained`. */
  readonly id: string;
  /** What is attested, one sentence. */
  readonly statement: string;
  /** For how long it counts at most, ms. */
  readonly validMs: number;
}

/** What a person vouched for, kept in the object store. Times RFC 3339, UTC. */
export interface Attestation {
  readonly formatVersion: 1;
  /** Id of an {@link AttestationSpec}. */
  readonly item: string;
  readonly environment: string;
  /** A name of the policy; the identity is not verified. */
  readonly by: string;
  /** Whether the statement holds; a review records also that it does not. */
  readonly holds: boolean;
  /** What was done, and where it can be read. */
  readonly note: string;
  readonly at: string;
  readonly validUntil: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** Input of the workflow `attest`. */
export interface AttestInput {
  readonly environment: string;
  /** Who vouches: a name of the policy. */
  readonly startedBy: string;
  readonly item: string;
  readonly holds: boolean;
  readonly note: string;
  /** For how many days it counts; null: as long as the policy lets it. */
  readonly validDays: number | null;
}
