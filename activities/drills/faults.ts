import type { DrillFault } from '../../workflows/contracts/drill-faults.ts';
import { openVariables, sealVariables } from '../application/crash/sealed-variables.ts';
import { DrError } from '../errors.ts';
import type { DatabaseSession, Deployment, OperatorCommand } from '../ports.ts';
import type { DrillDependencies } from './dependencies.ts';
import { refused } from './guard.ts';
import { type DrillPlace, openDrillKey } from './open-drills.ts';

/** The fault of the policy with this id. Throws `input-invalid` where there is none. */
export function requireFault({ policy }: Pick<DrillDependencies, 'policy'>, id: string): DrillFault {
  const fault = policy.drill.faults.find((candidate) => candidate.id === id);
  if (fault === undefined) throw refused(`There is no fault ${JSON.stringify(id.slice(0, 100))}.`);
  return fault;
}

/** The configured command. Throws `input-invalid` where there is none. */
export function requireCommand(
  { commands }: Pick<DrillDependencies, 'commands'>,
  variable: Parameters<DrillDependencies['commands']['get']>[0],
): OperatorCommand {
  const command = commands.get(variable);
  if (command === undefined) throw refused(`${variable} is not set.`);
  return command;
}

/** What a command of the operator's is told. */
export const commandOrder = (
  order: 'break' | 'clean-up',
  place: DrillPlace,
): Readonly<Record<string, string>> => ({
  DRILL_ORDER: order,
  DRILL_ID: place.id,
  DRILL_ENVIRONMENT: place.environment,
});

/** Breaks the data by SQL, inside of a transaction that the caller commits. */
export async function breakBySql(session: DatabaseSession, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.query(statement);
}

/**
 * Sets a variable of the application to something that it cannot work with, and deploys it. How the variables were is
 * kept before, sealed.
 */
export async function breakVariable(
  { applicationPlatform, store, keyring }: DrillDependencies,
  place: DrillPlace,
  { variable, value }: { readonly variable: string; readonly value: string },
): Promise<void> {
  const [variables, deployment] = await Promise.all([
    applicationPlatform.variables(),
    runningDeployment(applicationPlatform),
  ]);
  const before = variables[variable];
  if (before === undefined || deployment === undefined) {
    throw new DrError('provider-refused', {
      happened:
        before === undefined
          ? `The application has no variable ${variable}.`
          : 'No deployment of the application runs.',
      meaning: 'This fault cannot be made.',
      next: 'Put the environment right, or hold the drill with another fault.',
    });
  }
  const key = openDrillKey(place, 'variables.json');
  await store.putText(key, await sealVariables({ [variable]: before }, key, keyring), 'application/json');
  await applicationPlatform.setVariables({ [variable]: value });
  await applicationPlatform.redeploy(deployment.id);
}

/** Puts the variable back where it is still broken. Tells whether it was. */
export async function restoreVariable(
  { applicationPlatform, store, keyring }: DrillDependencies,
  place: DrillPlace,
  { variable, value }: { readonly variable: string; readonly value: string },
): Promise<boolean> {
  const key = openDrillKey(place, 'variables.json');
  const kept = await store.getText(key);
  if (kept === undefined) return false;
  if ((await applicationPlatform.variables())[variable] !== value) return false;
  const { variables } = await openVariables(kept, key, keyring);
  await applicationPlatform.setVariables(variables);
  return true;
}

async function runningDeployment(
  platform: DrillDependencies['applicationPlatform'],
): Promise<Deployment | undefined> {
  return (await platform.deployments()).find(({ status }) => status === 'running');
}
