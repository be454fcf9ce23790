import type { DecisionRecord, OpenDecision } from './decisions.ts';
import type { FailureExplanation } from './errors.ts';
import type { DestructivePlan } from './evidence.ts';
import type { RtoForecast } from './forecast.ts';
import type { RecoveredTo } from './marker.ts';
import type { ExpectedDuration } from './policy/expected.ts';
import type { Scenario } from './policy/objectives.ts';
import type { ProjectIdentity } from './recovery-point.ts';

/** The four kinds of a runbook's step. */
export type StepKind = 'check' | 'action' | 'destructive' | 'manual';

/** How a step stands. */
export type StepState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'rejected'
  | 'not-needed';

/** One time that a step was begun: tries, and earlier plan revisions, are runs of their own. Times RFC 3339, UTC. */
export interface StepRun {
  readonly revision: number;
  readonly from: string;
  /** Null while it goes on. */
  readonly to: string | null;
}

/** One time that a step waited for a person. RFC 3339, UTC. */
export interface StepWait {
  readonly from: string;
  readonly to: string;
}

/** One step as on-call sees it. Times are RFC 3339, UTC. */
export interface StepRecord {
  readonly id: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly state: StepState;
  /** The finding in one line. */
  readonly summary: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly waitedForPeopleMs: number;
  readonly expected: ExpectedDuration | null;
  /** Users have the application back in this step: how long it goes on watching after that, ms; absent for others. */
  readonly watchesMs?: number;
  /** False for a pending step that is not needed by what is known now. */
  readonly foreseen?: false;
  readonly failure: (FailureExplanation & { readonly type: string }) | null;
  /** Every time that it was begun, oldest first; absent while it never was. */
  readonly runs?: readonly StepRun[];
  /** Every time that it waited for a person, oldest first; absent where it never did. */
  readonly waits?: readonly StepWait[];
}

/** Something changed in production that is not yet taken back. */
export interface Measure {
  /** The step that took it. */
  readonly step: string;
  /** What is in force, such as `application stopped`. */
  readonly inForce: string;
  /** RFC 3339, UTC. */
  readonly since: string;
}

/** Where a run is, coarse enough to filter a list by. `proposed`: it changed nothing and waits to be begun. */
export type Phase =
  | 'checking'
  | 'proposed'
  | 'preparing'
  | 'waiting-for-approval'
  | 'waiting-for-decision'
  | 'restoring'
  | 'verifying'
  | 'resuming'
  | 'undoing'
  | 'closed';

/** Everything that `dr status`, the Web UI and the mails show of a run. */
export interface RecoveryStatus {
  readonly environment: string;
  readonly scenario: Scenario;
  readonly title: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly startedBy: string;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly incidentAt: string | null;
  readonly reason: string;
  readonly phase: Phase;
  readonly revision: number;
  readonly project: ProjectIdentity | null;
  readonly steps: readonly StepRecord[];
  readonly open: OpenDecision | null;
  readonly plan: { readonly plan: DestructivePlan; readonly digest: string } | null;
  readonly measures: readonly Measure[];
  readonly decisions: readonly DecisionRecord[];
  readonly warnings: readonly string[];
  readonly objective: { readonly rtoMs: number; readonly rpoMs: number };
  readonly waitedForPeopleMs: number;
  /** As of the last event of the run; null where nothing is left to foresee, absent in runs from before there was one. */
  readonly rtoForecast?: RtoForecast | null;
  /** What a restore was found to have brought back; absent until then. */
  readonly recoveredTo?: RecoveredTo;
  /** RFC 3339, UTC: since when users have the application back; absent until then. The RTO is counted to here. */
  readonly healthySince?: string;
  /** Where abort, reject and cancel lead from here. */
  readonly safeState: string;
  /** Whether production was already rewound or may have been. */
  readonly destroyed: boolean;
  readonly outcome: RecoveryOutcome | null;
}

/**
 * How a run ended. `recovered`: production is back and verified. `undone`: nothing was destroyed and every measure was
 * taken back. `left-fenced`: something destructive happened and was not verified; measures are in force until a person
 * decides. `left-changed`: nothing was destroyed, but a measure could not be taken back. `handed-over`: another scenario
 * goes on in the same environment, with the measures in force.
 */
export type RecoveryOutcome = 'recovered' | 'undone' | 'left-fenced' | 'left-changed' | 'handed-over';
