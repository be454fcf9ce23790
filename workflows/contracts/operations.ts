import type { FailureExplanation } from './errors.ts';

/** The operations that keep recoveries possible; each is a workflow type of its own, by {@link operationWorkflows}. */
export const operationWorkflows = {
  backup: 'backup',
  'backup-validation': 'validateBackups',
  'restore-test': 'testRestore',
  'uploads-sync': 'syncUploads',
  'uploads-transfer': 'transferUploads',
  'configuration-backup': 'backUpConfiguration',
  retention: 'applyRetention',
  'provider-check': 'checkProviderBackups',
  'schedules-check': 'checkSchedules',
  'full-test': 'testEverything',
  'restore-backup': 'restoreBackup',
  drill: 'drill',
  'security-audit': 'securityAudit',
  'plan-review': 'planReview',
  'monthly-review': 'monthlyReview',
  'overdue-check': 'checkOverdue',
  monitor: 'keepMonitor',
} as const;

/** A name out of {@link operationWorkflows}. */
export type OperationName = keyof typeof operationWorkflows;

/**
 * Operations that leave production alone and that a person started and waits for: they run beside a recovery, their failure
 * is told to nobody else, and bad input is a refusal that leaves no record.
 */
export const attendedOperations: readonly OperationName[] = ['restore-backup'];

/** Operations that go on beside a recovery: they are not asked to stand back, and bad input of a person leaves no record. */
export const besideRecoveries: readonly OperationName[] = [
  ...attendedOperations,
  'drill',
  'security-audit',
  'plan-review',
  'monthly-review',
  'monitor',
];

/** Operations whose every record is also stored as Markdown and as a page. */
export const operationsToRead: readonly OperationName[] = [
  'restore-test',
  'full-test',
  'security-audit',
  'plan-review',
  'monthly-review',
];

/** Words after `npx dr` that do each operation by hand. */
const operationCommands = {
  backup: 'backup',
  'backup-validation': 'backup validate',
  'restore-test': 'backup test-restore',
  'uploads-sync': 'uploads sync',
  'uploads-transfer': 'uploads sync --from PLACE --to PLACE',
  'configuration-backup': 'backup configuration',
  retention: 'backup retention',
  'provider-check': 'backup validate',
  'schedules-check': 'schedules',
  'full-test': 'backup full-test',
  'restore-backup': 'backup restore NAME --into VARIABLE',
  drill: 'drill',
  'security-audit': 'review start security-audit',
  'plan-review': 'review start plan-review',
  'monthly-review': 'review start monthly-review',
  'overdue-check': 'checklist',
  monitor: 'monitor start',
} as const satisfies Record<OperationName, string>;

/** What every operation is started with. Holds no secret. */
export interface OperationInput {
  readonly environment: string;
  /** A person's name, or `schedule`. */
  readonly startedBy: string;
}

/** Where a backup is filed: the day's one, a half-hourly one with its own retention, or a SQL dump with its own. */
export type BackupTier = 'daily' | 'recent' | 'sql';

/** Names one kind of operation in an environment; the backup of the day and the half-hourly one are two. */
export interface OperationKind {
  readonly environment: string;
  readonly operation: OperationName;
  /** Null for operations that have none. */
  readonly tier: BackupTier | null;
}

/** Words after `npx dr` that do this again by hand. */
export function commandFor({ operation, tier }: Pick<OperationKind, 'operation' | 'tier'>): string {
  const options = { daily: ' --tier daily', recent: '', sql: ' --format sql' } as const;
  return `${operationCommands[operation]}${tier === null ? '' : options[tier]}`;
}

/** Input of the operation `backup`. */
export interface BackupInput extends OperationInput {
  readonly tier: BackupTier;
}

/** Input of the operation `uploads-transfer`: places by their names in the policy. */
export interface UploadsTransferInput extends OperationInput {
  /** Null for where the policy copies from. */
  readonly from: string | null;
  /** Null for where the policy copies to. */
  readonly to: string | null;
  /** Whether files that are newer at the destination are replaced too; else they stay and are listed. */
  readonly replaceNewer: boolean;
}

/** One thing that an operation looked at. */
export interface OperationCheck {
  readonly name: string;
  readonly passed: boolean;
  /** Where it fails, it is said and does not fail the operation: nobody here can mend it, such as a provider's lag. */
  readonly advisory?: boolean | undefined;
  readonly found: string;
  readonly expected: string;
  /** The figure behind `found`, ms or bytes by the check; absent where it is no figure or not known. */
  readonly measured?: number | undefined;
}

/** One restore of a backup of ours that an operation measured. */
export interface MeasuredRestore {
  /** The location that the backup came from. */
  readonly from: string;
  /** From fetching the backup until the restored database could be used, ms. */
  readonly ms: number;
}

/** One part of an operation. Times RFC 3339, UTC. */
export interface OperationPart {
  readonly name: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** What an operation leaves behind as evidence: its result, and the object that is stored. Times RFC 3339 UTC. */
export interface OperationRecord extends OperationKind {
  readonly formatVersion: 1;
  readonly workflowId: string;
  readonly runId: string;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** `stood-back`: nothing was done, because a recovery had the environment, or for what `failure` then says. */
  readonly outcome: 'succeeded' | 'failed' | 'stood-back';
  readonly summary: string;
  readonly checks: readonly OperationCheck[];
  /** Restores that it measured: what a recovery by this road takes. */
  readonly restores: readonly MeasuredRestore[];
  /** What it did one after the other, where that is more than one thing or is measured. */
  readonly parts?: readonly OperationPart[] | undefined;
  /** Lines for a person, such as everything that a retention removes and why; told before it is done. */
  readonly details?: readonly string[] | undefined;
  readonly failure: (FailureExplanation & { readonly type: string }) | null;
}

/** Why an operation fails now, from its first failure until it succeeds; kept in the store. */
export interface OperationIncident extends OperationKind {
  /** RFC 3339, UTC: the first failure of this incident. */
  readonly since: string;
  readonly failures: number;
  readonly lastFailure: string;
}

/** What a schedule does when the run before is still going on. */
export type ScheduleOverlap = 'skip' | 'buffer-one' | 'allow-all';

/** One schedule of the policy. Minutes and hours are UTC. */
export interface ScheduleSpec {
  /** Part of the schedule's id in Temporal, after the environment. */
  readonly id: string;
  readonly operation: OperationName;
  /** Arguments beside environment and starter. */
  readonly tier?: BackupTier;
  /** Five-field cron expressions in UTC; a run at each moment that any of them names. */
  readonly cron: readonly string[];
  readonly overlap: ScheduleOverlap;
  /** How long after a missed moment it is still made up for, ms. */
  readonly catchupWindowMs: number;
  /** Which line of the written procedure asks for it. */
  readonly procedure: string;
}

/** How often a schedule did not run so far; what a later check compares with. */
export interface ScheduleCounts {
  /** As in the spec. */
  readonly id: string;
  /** Moments that were not made up for within the catch-up window. */
  readonly missedCatchupWindow: number;
  /** Moments that were dropped because the run before was still going on. */
  readonly skippedOverlap: number;
}

/** Input of the workflow `schedules`. */
export interface SchedulesInput {
  readonly environment: string;
  /** Whether to make them what the policy says before they are read. */
  readonly apply: boolean;
  /** How many coming moments of each are wanted. */
  readonly upcoming: number;
}

/** What was changed, and how the schedules stand. */
export interface SchedulesReport {
  readonly changes: readonly {
    readonly id: string;
    readonly change: 'created' | 'updated' | 'unchanged' | 'removed';
  }[];
  readonly schedules: readonly ScheduleState[];
}

/** A schedule as Temporal has it. */
export interface ScheduleState {
  readonly id: string;
  readonly operation: OperationName;
  readonly paused: boolean;
  /** RFC 3339, UTC. */
  readonly nextAt: readonly string[];
  readonly lastAt: string | null;
  /** RFC 3339, UTC: since when it is as it is. */
  readonly changedAt: string;
  readonly missedCatchupWindow: number;
  readonly skippedOverlap: number;
  readonly running: number;
  /** Whether Temporal's schedule is what the policy says. */
  readonly asPolicy: boolean;
}
