import { requireStandby, type StandbyDependencies } from './dependencies.ts';
import { removeStandbyVariables, variablesFile } from './write-variables.ts';

/**
 * Ends the standby application by the operator's command, then removes its variables. One that does not run is success.
 *
 * @throws DrError `standby-missing`, `operator-command-failed`
 */
export async function stopStandbyApplication(deps: Pick<StandbyDependencies, 'standby'>): Promise<void> {
  const standby = requireStandby(deps);
  await standby.stop.run({ STANDBY_VARIABLES_FILE: variablesFile(standby) });
  await removeStandbyVariables(deps);
}
