import type { DrillDependencies } from './dependencies.ts';
import { commandOrder, requireCommand, requireFault, restoreVariable } from './faults.ts';
import { requireDrillGround } from './guard.ts';
import type { DrillPlace } from './open-drills.ts';

/**
 * Takes away what a recovery does not: a role, a variable, whatever a command has left. Idempotent; never touches rows.
 *
 * @returns what was done, in words
 * @throws DrError `input-invalid` where a guard does not hold; what the means throw
 */
export async function cleanUpFault(
  deps: DrillDependencies,
  { faultId, ...place }: DrillPlace & { readonly faultId: string },
): Promise<string> {
  await requireDrillGround(deps, place.environment);
  const { by } = requireFault(deps, faultId);
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
