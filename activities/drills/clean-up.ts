import { awaitBackInService } from './back-in-service.ts';
import type { DrillDependencies } from './dependencies.ts';
import { emptyStandby } from './drilled-standby.ts';
import { commandOrder, requireCommand, requireFault, restoreVariable } from './faults.ts';
import { requireDrillConfiguration, requireDrillGround } from './guard.ts';
import type { DrillPlace } from './open-drills.ts';

/**
 * Takes away what a recovery does not: a role, a variable, whatever a command has left. Where everything was gone, brings
 * the old production back and empties the standby environment: the recovery mends nothing in place. Idempotent; never
 * touches rows of the environment itself.
 *
 * @returns what was done, in words
 * @throws DrError `input-invalid` where a guard does not hold; what the means throw
 */
export async function cleanUpFault(
  deps: DrillDependencies,
  { faultId, ...place }: DrillPlace & { readonly faultId: string },
): Promise<string> {
  const { by, scenario } = requireFault(deps, faultId);
  if (by.kind === 'command' && scenario === 'complete-failure') {
    // The provider may be gone, and can be asked only when it is back.
    requireDrillConfiguration(deps, place.environment);
    await requireCommand(deps, by.variable).run(commandOrder('clean-up', place));
    const back = await awaitBackInService(deps, place);
    return `${back}; ${await emptyStandby(deps, place)}`;
  }
  await requireDrillGround(deps, place.environment);
  if (by.kind === 'sql') {
    if (by.cleanUp.length === 0) return 'nothing but rows, which the recovery brought back';
    await deps.database.session(async (session) => {
      for (const statement of by.cleanUp) await session.query(statement);
    });
    return `${by.cleanUp.length} statements run that take away what was made`;
  }
  if (by.kind === 'variable') {
    return (await restoreVariable(deps, place, by))
      ? `${by.variable} was still broken, and is set as it was`
      : `${by.variable} is not broken any more`;
  }
  await requireCommand(deps, by.variable).run(commandOrder('clean-up', place));
  return `${by.variable} was told to take away what it left`;
}
