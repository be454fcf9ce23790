import type { DrillFault } from '../drill-faults.ts';
import type { RunnableScenario } from '../names.ts';
import type { Scenario } from './objectives.ts';

/** What a drill is allowed to do, and what it does when nothing else is asked for. */
export interface DrillPolicy {
  /** What a drill here proves: in a sandbox it says nothing about the provider. */
  readonly label: 'sandbox' | 'staging';
  /** Environments in which no drill ever starts, whatever the configuration says. */
  readonly protectedEnvironments: readonly string[];
  /** The scenario of a drill that names none. */
  readonly scenario: RunnableScenario;
  readonly faults: readonly DrillFault[];
  /** Names of the policy, for a drill that names none: the first starts the recovery, the others approve. */
  readonly participants: readonly string[];
  /** How long an unaided drill waits for the monitor to notice, ms. */
  readonly noticeWithinMs: number;
  /** How long a crash may take to show, ms. */
  readonly showWithinMs: number;
  /** Rows of all tables that a drill compares one by one at most. */
  readonly maximumRows: number;
}

/** When a scenario counts as verified. */
export interface VerificationPolicy {
  /** For how long a good drill verifies its scenario while nothing changes. */
  readonly drillCountsForMs: Readonly<Record<Scenario, number>>;
  /** Other environments whose drills count here too, such as staging; their records lie in the same store. */
  readonly drillsOf: readonly string[];
}
