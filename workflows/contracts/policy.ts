import type { AttestationSpec } from './attestations.ts';
import type { DeclaredCredential } from './credentials.ts';
import type { ScheduleSpec } from './operations.ts';
import type { Indicator, SecurityBaseline } from './security.ts';

/** The scenarios that have an objective (procedure, section 8). */
export type Scenario =
  | 'database-corruption'
  | 'application-crash'
  | 'data-loss'
  | 'security-breach'
  | 'complete-failure';

/** Recovery time and recovery point objective, in ms. */
export interface Objective {
  readonly rtoMs: number;
  readonly rpoMs: number;
}

/** How long something takes, in ms: from quickest to slowest by the procedure, or from the median to the worst measured. */
export interface ExpectedDuration {
  readonly minMs: number;
  readonly maxMs: number;
  /** What was measured here; absent while it is the procedure's figure. */
  readonly measured?: { readonly runs: number; readonly of: 'recoveries' | 'restore tests' };
}

/** What a restored database must meet: a query that counts offending rows, and how many are allowed. */
export interface Invariant {
  readonly name: string;
  /** SQL that returns one row with one integer column: the number of violations. */
  readonly countViolations: string;
  readonly allowed: number;
}

/** A table with the column that tells when a row was last written, or null when nothing tells. */
export interface TimestampColumn {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string | null;
}

/** A queue whose pending work must not be done a second time after a rewind. */
export interface JobQueue {
  /** `schema.table`. */
  readonly table: string;
  readonly keyColumn: string;
  readonly statusColumn: string;
  readonly pendingStatus: string;
  readonly heldStatus: string;
}

/** A database role whose password must be the one the application uses, also after a rewind. */
export interface ApplicationRole {
  readonly role: string;
  /** Name of the application variable that holds the connection string with the current password. */
  readonly variable: string;
}

/** Somebody who may be asked for a decision. */
export interface Person {
  /** Login name, as given by `--as` or taken from the system. */
  readonly name: string;
  readonly email: string;
  readonly mayApprove: boolean;
}

/** Who may delete a locked object before its time; see S3's Object Lock. */
export type ObjectLockMode = 'GOVERNANCE' | 'COMPLIANCE';

/** A place of uploaded files; addresses and credentials come from the configuration. */
export type UploadsPlace =
  | { readonly kind: 'bucket'; readonly store: string; readonly bucket: string }
  /** Below the root of the backups. */
  | { readonly kind: 'folder'; readonly folder: string };

/**
 * What the procedures decide, in one place: objectives, thresholds, people. A run records it at its start, so that a
 * later change never alters a running recovery. All times in ms, sizes in bytes. Holds no secret.
 */
export interface Policy {
  readonly objectives: Readonly<Record<Scenario, Objective>>;
  /** Measured durations stand here instead of the procedure's in the policy that a run records. */
  readonly expected: {
    readonly restore: ExpectedDuration;
    /** Of a backup of ours, from the first byte to a usable database; null until one was measured: no procedure names it. */
    readonly restoreOwnBackup: ExpectedDuration | null;
    readonly redeploy: ExpectedDuration;
  };
  readonly people: readonly Person[];
  readonly approval: {
    /** Whether the person who started the run may not approve it, except by breaking the glass. */
    readonly secondPerson: boolean;
    /** Fraction of the scenario's RTO after which waiting people are reminded, and the wait escalated. */
    readonly remindAtRtoFraction: number;
    readonly escalateAtRtoFraction: number;
    /** How long a gate waits before the run goes to its safe state. */
    readonly expireMs: number;
  };
  readonly mail: {
    readonly team: readonly string[];
    /** SQL returning one text column: the users' addresses, read from the restored database at sending time. */
    readonly userRecipients: string;
    /** Subject and body of the mail to users; `{{…}}` fields: recoveredTo, discardedFrom, discardedTo. */
    readonly userSubject: string;
    readonly userBody: string;
  };
  readonly fence: {
    /** CIDRs that keep access while everything else is shut out: where the operator and the worker connect from. */
    readonly operatorCidrs: readonly string[];
    /** For how long no transaction may be written before the database counts as silent. */
    readonly quietMs: number;
    /** How long the proof may take before it has failed. */
    readonly deadlineMs: number;
    /** Roads into the data which the fence cannot close; said in every plan. */
    readonly openRoads: readonly string[];
  };
  readonly safetyCopy: { readonly maxBytes: number; readonly maxDurationMs: number };
  readonly restore: {
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
  };
  readonly health: {
    /** How long the application must stay healthy, without a failed probe, before it counts as recovered. */
    readonly watchMs: number;
    readonly probeEveryMs: number;
    /** How long it may take to become healthy at all. */
    readonly deadlineMs: number;
  };
  /** When a crash is persistent, and what is done about it then (procedure, section 4, scenario 2). */
  readonly crash: {
    /** So many failures within `withinMs` make it persistent. The one that began the incident is the first. */
    readonly persistentAfter: number;
    readonly withinMs: number;
    /** How long the application may take to become healthy after a restart. */
    readonly restartDeadlineMs: number;
    /** A deployment that fails this soon after it was made is a bad deployment: restarting it is no help. */
    readonly newDeploymentMs: number;
    /** Whether a persistent crash is rolled back without asking: the objective leaves 5 minutes for everything. */
    readonly rollbackWithoutApproval: boolean;
  };
  /** Which files are copied where. */
  readonly uploads: {
    readonly from: UploadsPlace;
    readonly to: UploadsPlace;
    /** Places by the names that `dr uploads sync --from --to` takes. */
    readonly places: Readonly<Record<string, UploadsPlace>>;
  };
  /** What a breach is found and mended by. */
  readonly security: {
    /** Every secret that production hangs on, in the order in which they are exchanged. */
    readonly credentials: readonly DeclaredCredential[];
    readonly baseline: SecurityBaseline;
    readonly indicators: readonly Indicator[];
    /** How far before the incident evidence and indicators look, ms. */
    readonly lookBackMs: number;
    /** Longest time for looking through own backups, ms. */
    readonly cleanPointMaxMs: number;
  };
  /** What complete failure needs beside the standby environment of the worker’s configuration. */
  readonly standby: {
    /** From where to where uploaded files are brought back; null where the application goes on reading them elsewhere. */
    readonly uploads: { readonly from: UploadsPlace; readonly to: UploadsPlace } | null;
  };
  readonly backups: {
    /** Where failures of backups are told (procedure, section 7). */
    readonly alertAddress: string;
    readonly alertSubject: string;
    readonly recoverySubject: string;
    /** How many backups of each kind are kept (procedure, section 6). */
    readonly keep: {
      readonly daily: number;
      readonly weekly: number;
      readonly monthly: number;
      /** SQL dumps. */
      readonly sql: number;
    };
    readonly keepRecentMs: number;
    /** How long to wait before each further try to store a backup where a location failed for a while, ms. */
    readonly storeAgainAfterMs: readonly number[];
    /**
     * How a bucket with Object Lock holds on to a backup until its retention ends. Governance lets those delete it who
     * have the right to bypass; compliance lets nobody.
     */
    readonly objectLock: ObjectLockMode;
    /** How old the newest own backup of each tier may be. */
    readonly maxAgeMs: { readonly daily: number; readonly recent: number };
    /** How many times larger or smaller than the median of the last ones a backup may be. */
    readonly sizeFactor: number;
    /** Free space that the local root must have, bytes. */
    readonly minFreeBytes: number;
    /** Between two half-hourly backups; with their duration it must stay under complete failure's RPO. */
    readonly recentIntervalMs: number;
    /** `schema.table` of the users, and how many there must be at least (procedure, section 5). */
    readonly usersTable: string;
    readonly minimumUsers: number;
    /** Location that the weekly restore test fetches from: off-site, since that is what complete failure would leave. */
    readonly restoreTestFrom: string;
    /** Longest time for a restore test. */
    readonly restoreTestMaxMs: number;
    readonly provider: {
      /** How far back the provider must be able to restore, ms (procedure, section 1: 7 days). */
      readonly windowMs: number;
      /** How far behind now its newest recovery point may lie before it is told, ms; above its usual lag. */
      readonly maxLagMs: number;
      /** When its daily backup is to begin, `HH:MM:SS` UTC (procedure, section 1: 2:00 AM). */
      readonly dailyAt: string;
      /** How old the newest daily backup may be where PITR is not enabled, its grace included. */
      readonly dailyMaxAgeMs: number;
      /** How long backups must be kept, by the provider or by us (procedure, section 1: 30 days). */
      readonly historyMs: number;
    };
    /** How long files that were deleted at their source are kept in the copy. */
    readonly deletedUploadsGraceMs: number;
  };
  /** When the operations run. */
  readonly schedules: readonly ScheduleSpec[];
  /** What no probe can know, and for how long a person's word on it counts. */
  readonly attestations: readonly AttestationSpec[];
  /** Between two looks at a provider while waiting for it. */
  readonly pollEveryMs: number;
  readonly schemas: readonly string[];
  readonly timestampColumns: readonly TimestampColumn[];
  readonly invariants: readonly Invariant[];
  readonly jobQueues: readonly JobQueue[];
  readonly applicationRoles: readonly ApplicationRole[];
  /** Names of files that the database refers to: a table's column against the keys of a bucket. */
  readonly fileReferences: readonly {
    readonly table: string;
    readonly column: string;
    readonly bucket: string;
  }[];
}
