import type { RecoveryMarker } from './marker.ts';
import type { SettledRows } from './settled-rows.ts';

/** What a person asked to go back to. Moments are RFC 3339 text with an offset. */
export type TargetRequest =
  | { readonly kind: 'at'; readonly moment: string }
  | { readonly kind: 'just-before'; readonly moment: string };

/** The project that a recovery acts on, as the provider names it. */
export interface ProjectIdentity {
  readonly provider: string;
  readonly ref: string;
  readonly name: string;
  readonly region: string;
}

/** The moments that the provider can restore to, in integer UTC seconds. */
export interface RestoreWindow {
  readonly earliestUnix: number;
  readonly latestUnix: number;
}

/** A finished backup that the provider lists. */
export interface ProviderBackup {
  readonly id: string | null;
  /** RFC 3339, UTC. */
  readonly insertedAt: string;
  readonly status: string;
}

/** What the provider can restore to. */
export interface Recoverability {
  readonly project: ProjectIdentity;
  readonly pitrEnabled: boolean;
  /** Null where PITR is not enabled, or no base backup is finished. */
  readonly window: RestoreWindow | null;
  readonly backups: readonly ProviderBackup[];
}

/** Where the recovery goes: the answer to a {@link TargetRequest}. */
export interface RecoveryPoint {
  readonly project: ProjectIdentity;
  /** Integer UTC second: every commit up to and including it is kept, everything later is discarded. */
  readonly targetUnix: number;
  readonly window: RestoreWindow;
  readonly backups: readonly ProviderBackup[];
  /** What a person should know before deciding, such as an objective that the provider cannot meet. */
  readonly warnings: readonly string[];
}

/** How the rows of one table relate to the target. A number that cannot be known is null and printed `unknown`. */
export interface TableLoss {
  /** `schema.table`. */
  readonly table: string;
  /** Rows at present. */
  readonly present: number;
  /** Rows written or changed after the target, which a restore discards. */
  readonly discarded: number | null;
  /**
   * How `discarded` is known: commit timestamps are exact, a column is what the application wrote, and an unlogged
   * table comes back empty from every restore.
   */
  readonly basis: 'commit-timestamp' | 'column' | 'unlogged' | 'unknown';
  /** Rows deleted or changed since the target that would come back as they were; known from a recorded baseline only. */
  readonly broughtBack: number | null;
  /** Pages the server cannot read; `present` counts the rows of the others. Absent when every page was read. */
  readonly unreadablePages?: number;
  /** By which later deletions can be told from what was inserted; only where it was asked for and could be known. */
  readonly settled?: SettledRows;
}

/** What a restore to the target would cost, at one moment. */
export interface LossSurvey {
  readonly targetUnix: number;
  /** RFC 3339, UTC, the database's clock. */
  readonly surveyedAt: string;
  readonly tables: readonly TableLoss[];
  /** Newest commit in the surveyed tables, RFC 3339 UTC with µs; null when unknown. */
  readonly newestCommitAt: string | null;
  /** Size of the whole database, bytes. */
  readonly databaseBytes: number;
  /** The newest recovery marker; null where there is none, absent in surveys from before there were any. */
  readonly marker?: RecoveryMarker | null;
}
