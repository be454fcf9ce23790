/** Who may delete a locked object before its time; see S3's Object Lock. */
export type ObjectLockMode = 'GOVERNANCE' | 'COMPLIANCE';

/** How backups are kept, watched and tested, ours and those of the provider. */
export interface BackupsPolicy {
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
}
