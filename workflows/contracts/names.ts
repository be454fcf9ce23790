import { defineSearchAttributeKey } from '@temporalio/common';
import type { Scenario } from './policy/objectives.ts';

/** The one task queue of the runbooks. */
export const taskQueue = 'vendhub-dr';

/** Workflow id of the recovery of an environment: there is one at a time. */
export const recoveryWorkflowId = (environment: string): string => `recovery-${environment}`;

/** Workflow id of a plan, which may run beside a recovery. */
export const planWorkflowId = (environment: string, atUnixMs: number): string =>
  `plan-${environment}-${atUnixMs}`;

/** The workflow type of each scenario that has a runbook. */
export const scenarioWorkflows = {
  'database-corruption': 'databaseCorruption',
  'application-crash': 'applicationCrash',
  'data-loss': 'dataLoss',
  'security-breach': 'securityBreach',
  'complete-failure': 'completeFailure',
} as const satisfies Partial<Record<Scenario, string>>;

/** Whether a runbook must be told where to go back to, may be told, or goes nowhere. */
export const scenarioTargets = {
  'database-corruption': 'optional',
  'application-crash': 'none',
  'data-loss': 'required',
  'security-breach': 'optional',
  'complete-failure': 'none',
} as const satisfies Record<RunnableScenario, 'required' | 'optional' | 'none'>;

/** A scenario that has a runbook. */
export type RunnableScenario = keyof typeof scenarioWorkflows;

/** Whether this names a scenario that has a runbook. */
export function isRunnableScenario(name: unknown): name is RunnableScenario {
  return typeof name === 'string' && Object.hasOwn(scenarioWorkflows, name);
}

/** Search attributes, registered before use: never encrypted, so never a secret. */
export const searchAttributes = {
  environment: defineSearchAttributeKey('DrEnvironment', 'KEYWORD'),
  scenario: defineSearchAttributeKey('DrScenario', 'KEYWORD'),
  phase: defineSearchAttributeKey('DrPhase', 'KEYWORD'),
  step: defineSearchAttributeKey('DrStep', 'KEYWORD'),
} as const;

/** Workflow type of a plan; input `PlanInput`, result `PlanReport`. */
export const planWorkflow = 'plan';
