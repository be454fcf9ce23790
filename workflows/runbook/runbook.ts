import type { DestructivePlan } from '../contracts/evidence.ts';
import type { RecoveryFacts } from '../contracts/facts.ts';
import type { RunnableScenario } from '../contracts/names.ts';
import type { ExpectedDuration, Policy, Scenario } from '../contracts/policy.ts';
import type { TargetRequest } from '../contracts/recovery-point.ts';
import type { StandbyBackupRequest } from '../contracts/standby.ts';
import type { Measure, Phase } from '../contracts/status.ts';
import type { ExplainedFailure } from './failure.ts';

/** A part of the facts; what a step adds to them. */
export type FactsPatch = Partial<RecoveryFacts>;

/** What a step may know and do besides calling activities. */
export interface StepContext {
  /** Where a person asked to go; null in a repair, which goes nowhere. */
  readonly target: TargetRequest | null;
  /** The deployment that a person wants to run; null when none was named. */
  readonly deploymentId: string | null;
  /** The backup that a person, or the run before, wants production to be rebuilt from; null for the newest. */
  readonly backup: StandbyBackupRequest | null;
  /** Whether production's credentials are known to somebody who must not have them. */
  readonly credentialsStolen: boolean;
  /** Whether only the input is being validated, before a start: what takes long and tells nothing of it is left out. */
  readonly inputOnly: boolean;
  readonly environment: string;
  /** RFC 3339: when the incident began, as a person said; null when it is not known. */
  readonly incidentAt: string | null;
  readonly policy: Policy;
  readonly scenario: Scenario;
  /** Counts the plans of this run from 1; a replan raises it. */
  readonly revision: number;
  /** Prefix for objects of this run in the store; the same in every attempt. */
  readonly keyPrefix: string;
  readonly facts: Readonly<Partial<RecoveryFacts>>;
  /** A fact that an earlier step must have set. Throws `internal-error` when it did not. */
  fact<Name extends keyof RecoveryFacts>(name: Name): RecoveryFacts[Name];
  /** Records facts at once, while the step is still running, so that a retry knows them. */
  note(patch: FactsPatch): void;
  /** Whether production was rewound, or may have been, by an earlier step or an earlier revision. */
  readonly destroyed: boolean;
  /** What is in force in production, oldest first. */
  readonly measures: readonly Measure[];
  /** Whether somebody told the run to stop. */
  readonly stopRequested: boolean;
  /** What earlier plan revisions found, oldest first. */
  readonly earlierFacts: readonly Readonly<Partial<RecoveryFacts>>[];
  /** Marks from when on production may be rewound: the safe state changes with it. */
  setDestroyed(destroyed: boolean): void;
  /**
   * Asks a person what no evidence can tell: whether a restore request took effect.
   * Resolves to `not-accepted` when a person vouches for that, or to `accepted`.
   */
  askWhetherRestoreWasAccepted(
    step: { readonly id: string; readonly title: string },
    evidence: string,
  ): Promise<'accepted' | 'not-accepted'>;
}

interface StepBase {
  /** Never reused for another step, in any version. */
  readonly id: string;
  /** Imperative, as in the written procedure. */
  readonly title: string;
  readonly phase: Phase;
  /** How long it may be expected to take by the procedure, until it was measured; see {@link expectedOf}. */
  readonly expected?: (policy: Policy) => ExpectedDuration | null;
  /** Users have the application back in this step: how long it goes on watching after that, ms. */
  readonly watchesMs?: (policy: Policy) => number;
  /** Left out as `not-needed` when this is false. */
  readonly when?: (context: StepContext) => boolean;
  /** Does the step; returns what it found. */
  readonly run: (context: StepContext) => Promise<FactsPatch>;
  /** The finding in one line. */
  readonly summary: (context: StepContext) => string;
  /** Which ways on there are once this step has failed, besides doing it again; null for none. Only reads. */
  readonly waysOn?: (failure: ExplainedFailure, context: StepContext) => Promise<WaysOn | null>;
}

/** What a person is told, and offered, where a step has failed. */
export interface WaysOn {
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** The scenario that a person may send the run over into, with the environment; null for none. */
  readonly goesOver: (HandOver & { readonly leadsTo: string }) | null;
}

/** Reads only; its finding is evidence. */
export interface CheckStep extends StepBase {
  readonly kind: 'check';
  /** Whether its refusal means that the input cannot be used; such checks run before a start. */
  readonly validatesInput?: (context: StepContext) => boolean;
  /** What it means to go on without it; absent where it may not be skipped. */
  readonly skippable?: string;
  /** Whether its finding shows that another scenario is the right one; the run goes over into that one then. */
  readonly handsOver?: (context: StepContext) => HandOver | null;
}

/** To which runbook a run goes over, with its measures in force, and what was found. */
export interface HandOver {
  readonly to: RunnableScenario;
  /** One sentence. */
  readonly because: string;
  /** The backup that the other run is to rebuild from; absent for the newest. */
  readonly backup?: StandbyBackupRequest;
}

/** How an action is taken back. */
export interface Undo {
  /** What is in force once the action began, such as `application stopped`. */
  readonly inForce: string;
  /** What taking it back does, imperative. */
  readonly title: string;
  /** Reads what must be put back; its result is recorded before the action begins. */
  readonly prepare?: (context: StepContext) => Promise<FactsPatch>;
  readonly run: (context: StepContext) => Promise<void>;
}

/** Changes something that can be undone. */
export interface ActionStep extends StepBase {
  readonly kind: 'action';
  /** Null for an action that leaves production as it is. */
  readonly undo: Undo | null;
  /** Steps whose measure this action takes back in the course of the recovery. */
  readonly releases?: readonly string[];
  /** Whether others can write from here on: after it, no restore is offered any more. */
  readonly resumesWriters?: boolean;
  readonly skippable?: string;
}

/** Cannot be taken back: runs only after an approval of exactly this plan. */
export interface DestructiveStep extends StepBase {
  readonly kind: 'destructive';
  /** Steps whose measure is production's lasting state once this is done. */
  readonly releases?: readonly string[];
  /** Whether rejecting it only leaves it out; otherwise the run goes to its safe state. */
  readonly optional: boolean;
  readonly gate: {
    /** Collects what the plan needs, before it is shown. */
    readonly prepare?: (context: StepContext) => Promise<FactsPatch>;
    readonly question: (context: StepContext) => string;
    readonly facts: (context: StepContext) => readonly { readonly label: string; readonly value: string }[];
    readonly plan: (
      context: StepContext,
    ) => Pick<DestructivePlan, 'project' | 'arguments' | 'safetyCopySha256' | 'maximumLoss'>;
    readonly approveLeadsTo: string;
  };
  /** Whether the destructive call of this revision was already made: a retry then goes on without a new approval. */
  readonly underWay?: (context: StepContext) => boolean;
  /** Just before the step: does the approved plan still hold? */
  readonly recheck: (
    context: StepContext,
  ) => Promise<{ readonly holds: boolean; readonly reasons: readonly string[] }>;
}

/** A person does it and confirms with what they saw. */
export interface ManualStep extends Omit<StepBase, 'run' | 'summary'> {
  readonly kind: 'manual';
  /** What to do and what to look at, label and value. */
  readonly facts: (context: StepContext) => readonly { readonly label: string; readonly value: string }[];
  readonly skippable?: string;
}

/** One step of a runbook. */
export type Step = CheckStep | ActionStep | DestructiveStep | ManualStep;

/** A written procedure as a declaration: the engine runs it, `dr plan` prints it. */
export interface Runbook {
  readonly scenario: Scenario;
  readonly title: string;
  /** Where reject, abort, expiry and cancel lead, said to people. */
  readonly safeState: {
    readonly beforeDestruction: string;
    readonly afterDestruction: string;
    /** Whether nothing is undone, also where nothing was destroyed: an intruder must not get in again. Default false. */
    readonly staysIsolated?: boolean;
  };
  readonly steps: readonly Step[];
  /** Whether the monitor begins it without asking, where it saw the trouble itself. Default false. */
  readonly unattended?: boolean;
}

/** Declares a {@link CheckStep}. */
export const check = (step: Omit<CheckStep, 'kind'>): CheckStep => ({ kind: 'check', ...step });
/** Declares an {@link ActionStep}. */
export const action = (step: Omit<ActionStep, 'kind'>): ActionStep => ({ kind: 'action', ...step });
/** Declares a {@link DestructiveStep}. */
export const destructive = (step: Omit<DestructiveStep, 'kind'>): DestructiveStep => ({
  kind: 'destructive',
  ...step,
});
/** Declares a {@link ManualStep}. */
export const manual = (step: Omit<ManualStep, 'kind'>): ManualStep => ({ kind: 'manual', ...step });

/** How long a step may be expected to take: as it was measured here, or by the procedure; null where nothing tells. */
export function expectedOf(step: Step, policy: Policy): ExpectedDuration | null {
  return policy.expected.steps?.[step.id] ?? step.expected?.(policy) ?? null;
}

/** Whether a step is needed by what is known now; one whose condition counts on what no step has found yet may be. */
export function isForeseen({ when }: Step, context: StepContext): boolean {
  try {
    return when?.(context) !== false;
  } catch {
    return true;
  }
}
