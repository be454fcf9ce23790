import type { AttestationSpec } from './attestations.ts';
import type { OperationName, ScheduleSpec } from './operations.ts';
import type { CrashPolicy, HealthPolicy } from './policy/application.ts';
import type { BackupsPolicy } from './policy/backups.ts';
import type {
  ApplicationRole,
  FileReference,
  Invariant,
  JobQueue,
  TimestampColumn,
} from './policy/database.ts';
import type { DrillPolicy, VerificationPolicy } from './policy/drill.ts';
import type { ExpectedDurations } from './policy/expected.ts';
import type { MonitorPolicy } from './policy/monitor.ts';
import type { Objective, Scenario } from './policy/objectives.ts';
import type { ApprovalPolicy, MailPolicy, Person } from './policy/people.ts';
import type { FencePolicy, MarkerPolicy, RestorePolicy, SafetyCopyPolicy } from './policy/restore.ts';
import type { SecurityPolicy } from './policy/security.ts';
import type { StandbyPolicy, UploadsPolicy } from './policy/uploads.ts';
import type { ReviewName, ReviewSpec } from './reviews.ts';

export type * from './policy/application.ts';
export type * from './policy/backups.ts';
export type * from './policy/database.ts';
export type * from './policy/drill.ts';
export type * from './policy/expected.ts';
export type * from './policy/monitor.ts';
export type * from './policy/objectives.ts';
export type * from './policy/people.ts';
export type * from './policy/restore.ts';
export type * from './policy/security.ts';
export type * from './policy/uploads.ts';

/**
 * What the procedures decide, in one place: objectives, thresholds, people. A run records it at its start, so that a
 * later change never alters a running recovery. All times in ms, sizes in bytes. Holds no secret.
 */
export interface Policy {
  readonly objectives: Readonly<Record<Scenario, Objective>>;
  /** Measured durations stand here instead of the procedure's in the policy that a run records. */
  readonly expected: ExpectedDurations;
  readonly people: readonly Person[];
  readonly approval: ApprovalPolicy;
  readonly mail: MailPolicy;
  readonly fence: FencePolicy;
  readonly marker: MarkerPolicy;
  readonly safetyCopy: SafetyCopyPolicy;
  readonly restore: RestorePolicy;
  readonly health: HealthPolicy;
  readonly crash: CrashPolicy;
  readonly uploads: UploadsPolicy;
  readonly security: SecurityPolicy;
  /** What the monitor looks at, how often, and when it counts as trouble. */
  readonly monitor: MonitorPolicy;
  readonly standby: StandbyPolicy;
  readonly backups: BackupsPolicy;
  /** What a drill may do here. */
  readonly drill: DrillPolicy;
  readonly verification: VerificationPolicy;
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
  readonly fileReferences: readonly FileReference[];
}
