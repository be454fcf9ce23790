import type { RunnableScenario } from './names.ts';

/** Variables of the worker that hold a command of the operator's, for faults that need the machine. */
export const drillCommandVariables = [
  'DRILL_FAULT_COMMAND_PAGES',
  'DRILL_FAULT_COMMAND_PROCESS',
  'DRILL_FAULT_COMMAND_DEPLOYMENT',
  'DRILL_FAULT_COMMAND_EVERYTHING',
] as const;

/** One of {@link drillCommandVariables}. */
export type DrillCommandVariable = (typeof drillCommandVariables)[number];

/** How a fault is made. */
export type DrillFaultMeans =
  | {
      readonly kind: 'sql';
      /** Run in one transaction. */
      readonly statements: readonly string[];
      /** Takes away what no restore takes away, such as a role; must succeed where there is nothing to take away. */
      readonly cleanUp: readonly string[];
    }
  /** Sets a variable of the application to a value that it cannot work with, and deploys it. */
  | { readonly kind: 'variable'; readonly variable: string; readonly value: string }
  | { readonly kind: 'command'; readonly variable: DrillCommandVariable };

/** A way to break an environment for real. Holds no secret. */
export interface DrillFault {
  /** What `--fault` is told. */
  readonly id: string;
  /** The runbook that should mend it. */
  readonly scenario: RunnableScenario;
  /** What is done, one sentence. */
  readonly title: string;
  /** What people would notice of it: the reason that its recovery is started with. */
  readonly noticed: string;
  readonly by: DrillFaultMeans;
}
