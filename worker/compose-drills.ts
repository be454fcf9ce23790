import { createOperatorCommand } from '../activities/adapters/operator-command/index.ts';
import {
  createDrillActivities,
  type DrillDependencies,
  refusalOfDrills,
} from '../activities/drills/index.ts';
import type { OperatorCommand } from '../activities/ports.ts';
import { type DrillCommandVariable, drillCommandVariables } from '../workflows/contracts/drill-faults.ts';
import type { Policy } from '../workflows/contracts/policy.ts';
import type { Configuration } from './configuration.ts';

/** How long a command of the operator's may take to break something. */
const commandTimeoutMs = 10 * 60_000;

/** The activities of a drill with this worker's guards and commands. */
export function composeDrills(
  configuration: Configuration,
  policy: Policy,
  parts: Omit<DrillDependencies, 'policy' | 'environment' | 'projectRef' | 'drillProjectRef' | 'commands'>,
) {
  return createDrillActivities({
    ...parts,
    ...groundOf(configuration, policy),
    policy,
    commands: commandsOf(configuration),
  });
}

/** The policy as it is where no drill may be held: without a schedule for one. */
export function withoutForbiddenDrills(configuration: Configuration, policy: Policy): Policy {
  if (refusalOfDrills(groundOf(configuration, policy)) === null) return policy;
  return { ...policy, schedules: policy.schedules.filter(({ operation }) => operation !== 'drill') };
}

function groundOf(configuration: Configuration, policy: Policy) {
  return {
    environment: configuration.DR_ENVIRONMENT,
    projectRef: configuration.SUPABASE_PROJECT_REF,
    drillProjectRef: configuration.DRILL_PROJECT_REF,
    policy,
  };
}

function commandsOf(configuration: Configuration): ReadonlyMap<DrillCommandVariable, OperatorCommand> {
  return new Map(
    drillCommandVariables.flatMap((variable) => {
      const command = configuration[variable];
      if (command === undefined) return [];
      const purpose = `break the environment for a drill (${variable})`;
      return [[variable, createOperatorCommand({ command, purpose, timeoutMs: commandTimeoutMs })] as const];
    }),
  );
}
