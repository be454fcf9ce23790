import type { AttestationSpec } from './attestations.ts';
import type { DeclaredCredential } from './credentials.ts';
import type { DrillPolicy } from './drills.ts';
import type { MonitorRule } from './monitoring.ts';
import type { OperationName, ScheduleSpec } from './operations.ts';
import type { ReviewName, ReviewSpec } from './reviews.ts';
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

/** How production is watched. All times in ms. */
export interface MonitorPolicy {
  /** Between two looks at the application. */
  readonly probeEveryMs: number;
  /** Between two looks while something was seen bad and does not count as trouble yet, where that is sooner. */
  readonly confirmEveryMs: number;
  /** Between two looks at what costs more than a request. */
  readonly everyMs: {
    /** The database's state and its platform, the application's platform and its logs. */
    readonly platform: number;
    /** Rows, invariants, statements and sessions. */
    readonly database: number;
    /** Every page of every table. */
    readonly pages: number;
    /** Roles, grants, indicators. */
    readonly security: number;
    /** What the platform advises. */
    readonly advice: number;
    readonly backups: number;
  };
  /** How long one look may take before it is "not known": at the pages and the rows, and at everything else. */
  readonly patienceMs: { readonly pages: number; readonly database: number; readonly other: number };
  /** One for each signal that is to be looked at or may be reported; one without a rule is not. */
  readonly rules: readonly MonitorRule[];
  /** From `share` on (0 to 1), and from so many on. */
  readonly errorRate: { readonly windowMs: number; readonly share: number; readonly atLeast: number };
  /** The median of the last so many health probes. */
  readonly responseTime: { readonly medianMs: number; readonly probes: number };
  readonly slowQueries: {
    /** A statement that runs longer is slow. */
    readonly runningMs: number;
    /** The mean of a statement over one look, where it was run at least so often in it. */
    readonly meanMs: number;
    readonly calls: number;
  };
  /** The share (0 to 1) of a table's rows that went missing since it was good, and how many at least. */
  readonly missingRecords: { readonly share: number; readonly atLeast: number };
  /** The share (0 to 1) of a table's rows that one transaction changed, and how many at least. */
  readonly massChange: { readonly share: number; readonly atLeast: number };
  /** `schema.table` whose rows may be deleted or changed at will, such as sessions. */
  readonly volatileTables: readonly string[];
  /** `schema.table` whose rows, once written, are never changed and never deleted. */
  readonly unchangingTables: readonly string[];
  /** Larger tables are not read row by row; only the server's own statistics tell of them. Bytes. */
  readonly largestReadTable: number;
  readonly failedLogins: { readonly windowMs: number; readonly atLeast: number };
  /** Roles that may exist; `*` stands for any text. */
  readonly knownRoles: readonly string[];
  /** CIDRs that sessions may come from. */
  readonly knownNetworks: readonly string[];
  /** Rows that the statements of one role return between two looks at the database. */
  readonly bulkReads: {
    readonly rows: number;
    /** Roles that read everything by their task, such as the one that backups log in as. */
    readonly exemptRoles: readonly string[];
  };
}

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
    /** Whole steps by their id, without waits for people, as far as they were measured; absent where none was. */
    readonly steps?: Readonly<Record<string, ExpectedDuration>>;
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
  /** A row of our own that is written every few seconds, by which the recovery point is measured. */
  readonly marker: {
    /** How often it is written, ms: measured recovery points are exact to this. */
    readonly everyMs: number;
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
    /** How old a credential may be before the security audit says so. */
    readonly credentialMaxAgeMs: number;
    /** How far before the incident evidence and indicators look, ms. */
    readonly lookBackMs: number;
    /** Longest time for looking through own backups, ms. */
    readonly cleanPointMaxMs: number;
  };
  /** What the monitor looks at, how often, and when it counts as trouble. */
  readonly monitor: MonitorPolicy;
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
    /** How long records of operations are kept; the newest of each stay longer. */
    readonly keepRecordsMs: number;
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
  /** What a drill may do here. */
  readonly drill: DrillPolicy;
  /** When a scenario counts as verified. */
  readonly verification: {
    /** For how long a good drill verifies its scenario while nothing changes. */
    readonly drillCountsForMs: Readonly<Record<Scenario, number>>;
    /** Other environments whose drills count here too, such as staging; their records lie in the same store. */
    readonly drillsOf: readonly string[];
  };
  /** When the operations run. */
  readonly schedules: readonly ScheduleSpec[];
  /** How old the newest good run of an operation may be, its grace included, before it is told as overdue. */
  readonly overdueAfterMs: Readonly<Partial<Record<OperationName, number>>>;
  readonly reviews: Readonly<Record<ReviewName, ReviewSpec>>;
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
