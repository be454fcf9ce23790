import type { DrillRecord } from './drills.ts';
import type { RunnableScenario } from './names.ts';

/** What of a drill's record tells whether its scenario can be recovered from. */
export type DrillEvidence = Pick<
  DrillRecord,
  'environment' | 'scenario' | 'finishedAt' | 'succeeded' | 'failure' | 'criteria' | 'fingerprint'
>;

/**
 * How a scenario stands. `unknown`: its last drill was good, but nothing tells whether something changed since.
 */
export type VerificationState =
  | 'verified'
  | 'needs-verification'
  | 'never-drilled'
  | 'drill-failed'
  | 'unknown';

/** Whether a recovery from a scenario was exercised lately, on what is there now. */
export interface ScenarioReadiness {
  readonly scenario: RunnableScenario;
  readonly state: VerificationState;
  /** Environment of the drill that decides; null where none was carried out. */
  readonly drilledIn: string | null;
  /** RFC 3339, UTC: end of that drill. */
  readonly drilledAt: string | null;
  /** RFC 3339, UTC: until when it counts, if nothing changes; null unless verified. */
  readonly verifiedUntil: string | null;
  /** What is not as it was in that drill, such as `policy: crash, health`. */
  readonly changed: readonly string[];
  /** One line for a person. */
  readonly found: string;
}
