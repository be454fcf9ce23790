import type { AnswerKind } from './decisions.ts';
import type { DrillFault } from './drill-faults.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { LeftBehind } from './inputs.ts';
import type { RunnableScenario } from './names.ts';
import type { OperationCheck, OperationInput } from './operations.ts';
import type { Improvement, RecoveryReport } from './report.ts';

/** Input of the operation `drill`. What is absent is as the policy says. */
export interface DrillInput extends OperationInput {
  readonly scenario?: RunnableScenario | null;
  /** Id of a {@link DrillFault}; the first of the scenario that can be made here when absent. */
  readonly fault?: string | null;
  /** Scenario and fault are drawn, and not told before the record. */
  readonly surprise?: boolean;
  /** Whether the drill gives the answers itself, marked as simulated. */
  readonly simulateApprovals?: boolean;
  /** The monitor has to notice, and to start the recovery. */
  readonly unaided?: boolean;
  readonly participants?: readonly string[];
}

/** What will be broken, and who plays which part. */
export interface DrillPlan {
  readonly fault: Pick<DrillFault, 'id' | 'scenario' | 'title' | 'noticed'>;
  /** Who starts the recovery. */
  readonly onCall: string;
  /** Who gives simulated answers; somebody else, whom the policy lets approve. */
  readonly approver: string;
  readonly participants: readonly string[];
}

/** A drill that was begun, kept in the store until nothing of it is left. Times RFC 3339, UTC. */
export interface OpenDrill {
  readonly formatVersion: 1;
  readonly environment: string;
  /** Workflow id of the drill. */
  readonly id: string;
  readonly runId: string;
  readonly faultId: string;
  readonly scenario: RunnableScenario;
  readonly onCall: string;
  readonly approver: string;
  readonly registeredAt: string;
  /** When it was broken; null as long as that is not known. */
  readonly brokenAt: string | null;
}

/** That a fault was made. Times RFC 3339, UTC. */
export interface BrokenProduction {
  /** Just before the fault: where recovery time begins. */
  readonly brokenAt: string;
  /** When the truth was taken. */
  readonly truthAt: string;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly fingerprint: string }[];
}

/** A recovery by its run. */
export interface RecoveryRunId {
  readonly workflowId: string;
  readonly runId: string;
}

/** A recovery that is over; `report` is null where the run was terminated. */
export interface EndedRecovery {
  readonly run: RecoveryRunId;
  readonly report: RecoveryReport | null;
  /** What it left in force, for a recovery that goes on from there; null where it left nothing. */
  readonly left: LeftBehind | null;
}

/** What became of the rows of one table. */
export interface DrilledTable {
  /** `schema.table`. */
  readonly table: string;
  /** Rows that were there at the recovery point. */
  readonly expected: number;
  /** Of those, not there any more. */
  readonly missing: number;
  /** Of those, there with another content that no later business explains. */
  readonly altered: number;
  /** Rows that the recovery should have taken away. */
  readonly surplus: number;
  /** Of those, changed by the application since it is back. */
  readonly changedSince: number;
  /** Rows that were written after the recovery point and before the fault, and are not there as they were written. */
  readonly lostAfter: number;
}

/** Up to where a recovery brought everything back. */
export interface RecoveredPoint {
  /** UTC second, inclusive; an integer for a restore in place, with its fraction for the moment that a backup shows. */
  readonly unix: number;
  readonly of: 'restore' | 'backup';
}

/** The restored data, held against what was recorded before the fault. */
export interface DataVerdict {
  /** UTC second that was gone back to; null where nothing was rewound. */
  readonly recoveryPointUnix: number | null;
  readonly tables: readonly DrilledTable[];
  /** What was written after the recovery point and is lost, oldest first, a few of each table. */
  readonly lost: readonly { readonly table: string; readonly key: string; readonly committedAt: string }[];
}

/** What was found after the recovery. */
export interface DrillInspection {
  readonly data: DataVerdict;
  readonly health: { readonly healthy: boolean; readonly detail: string };
  readonly invariants: readonly OperationCheck[];
}

/** An answer that somebody gave during the drill. */
export interface DrillAnswer {
  readonly step: string | null;
  readonly kind: AnswerKind;
  readonly by: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly accepted: boolean;
  /** Given by the drill in that person's name. */
  readonly simulated: boolean;
  readonly reason: string | null;
}

/** The steps of the procedure's section 9, in their order. */
export const drillSteps = ['announce', 'break', 'recover', 'verify', 'document', 'review'] as const;

/** One of {@link drillSteps}. */
export type DrillStepName = (typeof drillSteps)[number];

/** One step as it went. Times RFC 3339, UTC. */
export interface DrillStep {
  readonly step: DrillStepName;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly summary: string;
}

/** What a drill leaves behind as evidence: the stored object. Times RFC 3339, UTC. Holds no secret. */
export interface DrillRecord {
  readonly formatVersion: 1;
  readonly environment: string;
  /** Workflow id. */
  readonly id: string;
  readonly runId: string;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly scenario: RunnableScenario;
  readonly fault: Pick<DrillFault, 'id' | 'title'>;
  readonly surprise: boolean;
  readonly unaided: boolean;
  readonly verdict: 'verified (sandbox)' | 'verified (staging)' | 'not verified';
  readonly succeeded: boolean;
  /** Why it was not held to its end; null where it was. */
  readonly failure: string | null;
  readonly brokenAt: string | null;
  /** When the recovery was started. */
  readonly recoveryStartedAt: string | null;
  readonly criteria: readonly OperationCheck[];
  readonly approvals: readonly DrillAnswer[];
  /** Who took part, and whether in person. */
  readonly participants: readonly { readonly name: string; readonly took: 'part' | 'a simulated part' }[];
  readonly steps: readonly DrillStep[];
  readonly data: DataVerdict | null;
  readonly improvements: readonly Improvement[];
  /** The recovery's own report; null where there was none. */
  readonly recovery: RecoveryReport | null;
  /** How code, policy, schema and provider configuration stood; null where it could not be taken. */
  readonly fingerprint: Fingerprint | null;
}

/** What `dr drill list` shows. */
export interface DrillsReport {
  readonly environment: string;
  /** Why no drill may be held here; null where it may. */
  readonly refusal: string | null;
  readonly faults: readonly {
    readonly id: string;
    readonly scenario: RunnableScenario;
    readonly title: string;
    /** What is missing to make it; null where it can be made. */
    readonly missing: string | null;
  }[];
  /** Newest first. */
  readonly records: readonly Pick<
    DrillRecord,
    'id' | 'scenario' | 'fault' | 'startedAt' | 'finishedAt' | 'verdict' | 'succeeded' | 'startedBy'
  >[];
}

/** Workflow type of `dr drill list`; input `{environment}`, result {@link DrillsReport}. */
export const listDrillsWorkflow = 'listDrills';

/** Begins the id of each answer that a drill gives. */
export const simulatedAnswerPrefix = 'simulated-';
