import type { RecoveryMarker } from './marker.ts';
import type { ProjectIdentity } from './recovery-point.ts';

/** What the fence found and left open. */
export interface FenceState {
  /** The CIDRs that were allowed before; what an undo puts back. */
  readonly previousCidrs: readonly string[];
  readonly allowedCidrs: readonly string[];
  /** Sessions of others that were ended when the fence went up. */
  readonly endedSessions: number;
  /** Roads into the data which stay open. */
  readonly openRoads: readonly string[];
}

/** That nobody wrote: no transaction id was given out for `quietMs`. */
export interface SilenceProof {
  readonly quietMs: number;
  /** RFC 3339, UTC. */
  readonly from: string;
  readonly to: string;
  /** The next transaction id, the same at both ends. */
  readonly nextTransactionId: string;
  /** How many recovery markers were written before it became silent: our own writing; absent where none was. */
  readonly ownMarkers?: number;
}

/** A verified copy of every table as it stood before the destructive step. */
export interface SafetyCopy {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  /** Lower-case hex SHA-256 of the stored object. */
  readonly sha256: string;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  /** RFC 3339, UTC: the moment of the snapshot. */
  readonly snapshotAt: string;
  /** Write-ahead log position of the snapshot. */
  readonly lsn: string;
  readonly durationMs: number;
}

/** Things that a rewind undoes besides rows, as they stood before it. */
export interface RewindInventory {
  readonly cronJobs: readonly string[];
  readonly replicationSlots: readonly string[];
  /** Where the keys of pending jobs lie, per queue; null where the queue's table does not exist. */
  readonly pendingJobs: readonly {
    readonly table: string;
    readonly pending: number | null;
    readonly keysObject: string | null;
  }[];
  /** `grantee: privilege on object`, sorted, capped at 500 lines. */
  readonly grants: readonly string[];
}

/** The destructive call is prepared: what proves later whether it took effect. */
export interface ArmedRestore {
  /** Value of the row that is committed after the target: gone means that the database was rewound. */
  readonly nonce: string;
  /** RFC 3339, UTC. */
  readonly armedAt: string;
  readonly statusBefore: string;
}

/** What became of a restore request. */
export type RestoreSettlement =
  | { readonly kind: 'accepted'; readonly evidence: string }
  | { readonly kind: 'not-accepted'; readonly evidence: string }
  | { readonly kind: 'unproved'; readonly evidence: string };

/** One thing that was verified after a restore. */
export interface VerificationCheck {
  readonly name: string;
  readonly passed: boolean;
  /** Where it fails, a finding that a person must judge; it does not stop the run by itself. */
  readonly advisory: boolean;
  readonly found: string;
  readonly expected: string;
  /** `schema.table` that it is about; absent where it is about more than one. */
  readonly table?: string;
}

/** One sign that stored data is damaged. */
export interface DamageFinding {
  /** `schema.table`; null where it is about no single one. */
  readonly table: string | null;
  /** One sentence. */
  readonly found: string;
  /** Whether nothing but damage explains it; else a person must judge. */
  readonly proves: boolean;
}

/** What was found when every table was read for damage. */
export interface DamageReport {
  /** RFC 3339, UTC, the database's clock. */
  readonly examinedAt: string;
  readonly findings: readonly DamageFinding[];
  /** `schema.table` of those that something proves to be damaged, sorted. */
  readonly damagedTables: readonly string[];
  /** `schema.table` of those that cannot be read whole, sorted. */
  readonly unreadableTables: readonly string[];
  /** Checksum failures that the server has counted; null where it does not count. */
  readonly checksumFailures: number | null;
  /** RFC 3339, UTC: the last of them. */
  readonly lastChecksumFailureAt: string | null;
  /** What could not be examined, and why. */
  readonly notExamined: readonly string[];
}

/** Between which moments the damage was done, as far as own evidence tells. */
export interface DamageBounds {
  /** RFC 3339, UTC: the newest moment at which every table was read whole; null when nothing tells. */
  readonly lastGoodAt: string | null;
  /** What tells it, such as the name of a backup. */
  readonly lastGoodBy: string;
  /** RFC 3339, UTC: when it was first noticed. */
  readonly noticedAt: string;
  readonly noticedBy: string;
}

/** A moment that could be gone back to, and what that would discard. */
export interface RecoveryPointOption {
  readonly label: string;
  /** Integer UTC second. */
  readonly targetUnix: number;
  /** Rows of all tables; null when it cannot be known. */
  readonly discardedRows: number | null;
  /** What speaks for or against it. */
  readonly remark: string;
}

/** What the restored database was found to hold. */
export interface Verification {
  readonly checks: readonly VerificationCheck[];
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    /** Rows that are back: deleted since the target, or changed since and back in their older version; null when unknown. */
    readonly broughtBack: number | null;
    /** Rows that were there before the restore and are not any more; null when unknown. */
    readonly discarded: number | null;
  }[];
  /** Newest restored commit, RFC 3339 UTC with µs; null when unknown. */
  readonly newestCommitAt: string | null;
  /** The recovery marker that came back; null where none did, absent where none was looked for. */
  readonly marker?: RecoveryMarker | null;
}

/** What a rewind had undone, and what was done about it. */
export interface Reconciliation {
  readonly items: readonly {
    readonly what: string;
    readonly found: string;
    /** What was mended; null when nothing had to be, or when a person must look. */
    readonly mended: string | null;
    readonly needsPerson: boolean;
  }[];
}

/** How the application stood when it was stopped; what an undo puts back. */
export interface ApplicationState {
  readonly deploymentId: string | null;
  readonly deploymentStatus: string;
  /** Whether it ran: an undo does not start what was found stopped. */
  readonly running: boolean;
  readonly autoDeployEnabled: boolean;
}

/** A run of probes that all succeeded. */
export interface HealthWatch {
  /** RFC 3339, UTC: the first probe of the unbroken healthy run. */
  readonly healthySince: string;
  readonly watchedMs: number;
  readonly probes: number;
  readonly failedBeforeHealthy: number;
}

/** A mail that was handed over, or why it was not. */
export interface MailOutcome {
  readonly sent: number;
  readonly failed: number;
  readonly reason: string | null;
}

/** The text of a mail to users, ready for approval. */
export interface UserMailDraft {
  readonly subject: string;
  readonly body: string;
  readonly recipients: number;
  /** Where the addresses are read from when it is sent. */
  readonly recipientSource: string;
}

/** What exactly is approved at a gate. Its SHA-256 is the digest. */
export interface DestructivePlan {
  readonly revision: number;
  readonly environment: string;
  readonly scenario: string;
  readonly step: string;
  readonly project: ProjectIdentity | null;
  /** The destructive step's arguments, as text a person can read. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly safetyCopySha256: string | null;
  /** The most rows that may be lost per table; null when it cannot be bounded. */
  readonly maximumLoss: readonly { readonly table: string; readonly rows: number | null }[];
}
