import type { Reconciliation, SafetyCopy, Verification } from './evidence.ts';
import type { RtoForecast } from './forecast.ts';
import type { RecoveredTo } from './marker.ts';
import type { Policy } from './policy.ts';
import type { LossSurvey, RecoveryPoint } from './recovery-point.ts';
import type { ScenarioReadiness } from './scenario-readiness.ts';
import type { Measure, RecoveryOutcome, RecoveryStatus } from './status.ts';

/** An objective beside what was measured, ms; null where it is not known. */
export interface MeasuredObjective {
  readonly objectiveMs: number;
  readonly measuredMs: number | null;
  readonly met: boolean | null;
  /** From which moment to which, in words. */
  readonly basis: string;
}

/** Something that cost time or was left out, found by calculation. */
export interface Improvement {
  readonly kind:
    | 'objective-missed'
    | 'objective-unknown'
    | 'slowest-step'
    | 'slower-than-expected'
    | 'wait'
    | 'retry'
    | 'replan'
    | 'failed-step'
    | 'skipped-step'
    | 'no-safety-copy'
    | 'broken-glass';
  /** The step that it is about; null where it is about the run. */
  readonly step: string | null;
  /** One sentence. */
  readonly what: string;
  /** The time that it cost; null where none was measured. */
  readonly ms: number | null;
}

/** What a recovery leaves behind: the result of the workflow, and the object that is stored. */
export interface RecoveryReport {
  readonly formatVersion: 1;
  readonly outcome: RecoveryOutcome;
  /** One sentence for a person who reads nothing else. */
  readonly headline: string;
  readonly status: RecoveryStatus;
  /** RFC 3339, UTC. */
  readonly finishedAt: string;
  readonly rto: MeasuredObjective;
  readonly rpo: MeasuredObjective;
  readonly waitedForPeopleMs: number;
  /** How long the last restore took until the database answered, ms; null when nothing was restored. */
  readonly restoreMs: number | null;
  /** Commits between the newest restored one and the last before the fence. */
  readonly discardedWindow: {
    readonly from: string | null;
    readonly to: string | null;
    readonly ms: number | null;
  } | null;
  readonly tables: readonly {
    readonly table: string;
    readonly before: number;
    readonly after: number | null;
    readonly discarded: number | null;
    readonly broughtBack: number | null;
  }[];
  /** Where the last plan revision was to go. */
  readonly recoveryPoint: RecoveryPoint | null;
  /** What keeps an old production from taking writes for good; absent where there is none. */
  readonly oldProductionKept?: readonly Measure[];
  /** Up to which moment everything is back, by what was found there; null where nothing tells, absent in old reports. */
  readonly recoveredTo?: RecoveredTo | null;
  /** Where the database stands: target of the last restore that was seen to end; null when there was none. */
  readonly restoredToUnix: number | null;
  readonly surveyed: LossSurvey | null;
  readonly safetyCopies: readonly SafetyCopy[];
  readonly verification: Verification | null;
  readonly reconciliation: Reconciliation | null;
  /** Approvals given by one person alone, with their reason. */
  readonly brokenGlass: readonly string[];
  /** What the next recovery could do better, by what this one measured. */
  readonly improvements: readonly Improvement[];
  /** Where the stored copies of this report lie; empty when they could not be stored. */
  readonly storedAt: readonly string[];
}

/** What `dr plan` prints: what the checks found, and what a run would do. */
export interface PlanReport {
  readonly environment: string;
  readonly scenario: RecoveryStatus['scenario'];
  readonly title: string;
  readonly recoveryPoint: RecoveryPoint | null;
  readonly survey: LossSurvey | null;
  readonly objective: { readonly rtoMs: number; readonly rpoMs: number };
  readonly openRoads: readonly string[];
  /** How long restores take, by the road: in place by the provider, or from a backup of ours. */
  readonly expected: Pick<Policy['expected'], 'restore' | 'restoreOwnBackup'>;
  /** As if the run began when the plan was made; absent in plans from before there was one. */
  readonly rtoForecast?: RtoForecast | null;
  /** Whether a drill verified this scenario on what is there now; absent where only the input was looked at. */
  readonly readiness?: ScenarioReadiness | null;
  /** The safety copy is given up beyond these; bytes and ms. */
  readonly safetyCopyLimits: { readonly maxBytes: number; readonly maxDurationMs: number };
  readonly warnings: readonly string[];
  readonly steps: readonly {
    readonly id: string;
    readonly kind: RecoveryStatus['steps'][number]['kind'];
    readonly title: string;
    readonly finding: string | null;
    readonly undo: string | null;
    readonly expected: RecoveryStatus['steps'][number]['expected'];
  }[];
  readonly safeState: { readonly beforeDestruction: string; readonly afterDestruction: string };
}
