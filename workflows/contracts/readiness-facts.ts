import type { Incident, Silence } from './monitoring.ts';

/** The database, as one session found it. */
export interface DatabaseFacts {
  /** Such as `18.1`. */
  readonly version: string;
  readonly majorVersion: number;
  /** Until connected and answered, ms. */
  readonly tookMs: number;
  readonly trackCommitTimestamp: boolean;
  /** How far the database's clock is ahead of the worker's, ms, give or take `clockErrorMs`. */
  readonly clockAheadMs: number;
  readonly clockErrorMs: number;
  /** The address that the database sees this worker come from; null over a local socket. */
  readonly seenFrom: string | null;
  /** Whether that address is one of a private network, such as a pooler's. */
  readonly seenFromPrivate: boolean;
  /** Whether the policy's operator CIDRs hold it; null where there is no address. */
  readonly amongOperators: boolean | null;
}

/** The application and its platform. */
export interface DeploymentFacts {
  /** Deployments that the platform lists. */
  readonly listed: number;
  /** The deployment that has the application, and the platform's word for how it stands; null when none does. */
  readonly active: { readonly id: string; readonly running: boolean; readonly rawStatus: string } | null;
  /** The newest other one that can be rolled back to. `createdAt` RFC 3339, UTC. */
  readonly rollbackTo: { readonly id: string; readonly createdAt: string } | null;
}

/** What a bucket does against deletion. Null where the store does not tell. */
export interface BucketProtection {
  readonly versioning: boolean | null;
  readonly objectLock: boolean | null;
  /** Such as `COMPLIANCE 30 days`; null where new objects get none by themselves. */
  readonly defaultRetention: string | null;
}

/** One place of backups, with a probe object written, read back and removed. */
export interface StoreFacts {
  readonly location: string;
  /** Why it cannot be used, and what to do; null when it can. */
  readonly problem: { readonly happened: string; readonly next: string } | null;
  readonly tookMs: number;
  /** Given where space can run out, bytes. */
  readonly freeBytes: number | null;
  /** Null where the place has no such thing, or does not tell. */
  readonly protection: BucketProtection | null;
}

/** The newest backup at one place, opened with the key of this worker. */
export interface NewestBackupFacts {
  readonly location: string;
  readonly key: string | null;
  readonly bytes: number;
  /** The moment that it shows: RFC 3339, UTC; null when it could not be opened. */
  readonly snapshotAt: string | null;
  /** `all`: every row was decrypted; `manifest`: it is too large for that, and its signed manifest was. */
  readonly opened: 'all' | 'manifest' | null;
  readonly problem: { readonly happened: string; readonly next: string } | null;
}

/** How Temporal stands. */
export interface OrchestratorFacts {
  /** Search attributes of the runbooks that are not registered. */
  readonly missingSearchAttributes: readonly string[];
  /** Workers that asked for work lately; Temporal keeps a dead one listed for minutes. */
  readonly workers: number;
}

/** How the monitor stands. Times RFC 3339, UTC. */
export interface MonitorFacts {
  /** When its run of minutes, or its first look, began. */
  readonly since: string;
  readonly lookedAt: string | null;
  /** Why it cannot look at the moment; null when it can. */
  readonly trouble: string | null;
  readonly silence: Silence | null;
  /** What it has open; null when nothing. */
  readonly incident: Pick<Incident, 'scenario' | 'because'> | null;
}
