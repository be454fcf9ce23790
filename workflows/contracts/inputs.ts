import type { RecoveryFacts } from './facts.ts';
import type { Scenario } from './policy/objectives.ts';
import type { TargetRequest } from './recovery-point.ts';
import type { StandbyBackupRequest } from './standby.ts';
import type { Measure } from './status.ts';

/** What every recovery is started with. Holds no secret. */
export interface RecoveryInput {
  readonly environment: string;
  /** A name of the policy, or `monitor` with a proposal. */
  readonly startedBy: string;
  /** Why it was started: what was noticed. */
  readonly reason: string;
  /** RFC 3339 with offset: when the incident began; null when it is not known. */
  readonly incidentAt: string | null;
  /** Where to go back to; null where the runbook goes nowhere, or finds the recovery point itself. */
  readonly target: TargetRequest | null;
  /** The deployment that a person wants to run; absent to let the runbook of a crash choose. */
  readonly deploymentId?: string;
  /** The backup that complete failure rebuilds from; absent for the newest. */
  readonly backup?: StandbyBackupRequest;
  /**
   * A person says that production's credentials are known to somebody who must not have them, so that complete failure
   * exchanges them; not needed after a hand-over by a security breach.
   */
  readonly credentialsStolen?: true;
  /** What an earlier run left in force, where this one begins on top of it. */
  readonly left?: LeftBehind;
  /** The run that found that this scenario is the right one, and kept the environment for it. */
  readonly handedOverBy?: HandedOver;
  /** What the monitor starts it with; absent where a person does. */
  readonly proposal?: Proposal;
}

/** Starter of what no person started. No person of a policy has this name. */
export const monitorStarts = 'monitor';

/** Why the monitor wants a recovery. A person is asked before anything is changed, but where a runbook is unattended. */
export interface Proposal {
  readonly incidentId: string;
  /** One sentence: why this scenario. */
  readonly because: string;
  /** What was found, one line each. */
  readonly evidence: readonly string[];
  /** Whether the monitor saw it itself; what was only reported always waits for a person. */
  readonly seen: boolean;
  /** Who said yes, where the run before this one asked. */
  readonly approvedBy?: string;
}

/** A run that handed its environment over to another scenario. */
export interface HandedOver {
  readonly scenario: Scenario;
  readonly runId: string;
  /** What it found, one sentence. */
  readonly because: string;
}

/** Measures that a run left in force when it ended, and what undoing them needs. */
export interface LeftBehind {
  readonly measures: readonly Measure[];
  /** What that run had recorded, as its `undoFacts` query tells. */
  readonly facts: Partial<RecoveryFacts>;
  /** Whether it had rewound production, or may have. */
  readonly destroyed: boolean;
}

/** Takes back what a terminated run left in force, by the undo of its own runbook. */
export interface RepairInput {
  readonly environment: string;
  readonly startedBy: string;
  readonly reason: string;
  /** The run that left the measures. */
  readonly ofRunId: string;
  readonly left: LeftBehind;
}

/** What the `plan` workflow is started with. It only reads. */
export interface PlanInput {
  readonly scenario: Scenario;
  readonly input: RecoveryInput;
  /** `input`: only whether the input can be used, before a start. `all`: everything that can be known before acting. */
  readonly checks: 'input' | 'all';
}
