import type { DrillPolicy } from '../../workflows/contracts/policy.ts';
import { DrError } from '../errors.ts';
import type { DrillDependencies } from './dependencies.ts';

/** What tells whether an environment may be broken. */
export interface DrillGround {
  readonly environment: string;
  readonly projectRef: string;
  readonly drillProjectRef: string | undefined;
  readonly policy: { readonly drill: Pick<DrillPolicy, 'protectedEnvironments'> };
}

/**
 * Why no drill may be held with this configuration, one sentence; null where both guards hold: the environment is not
 * protected, and its project is named as the one that may be broken.
 */
export function refusalOfDrills({
  environment,
  projectRef,
  drillProjectRef,
  policy,
}: DrillGround): string | null {
  if (policy.drill.protectedEnvironments.some((name) => name.toLowerCase() === environment.toLowerCase())) {
    return `The environment "${environment}" is protected by the policy: no drill is held in it.`;
  }
  if (drillProjectRef === undefined) {
    return 'DRILL_PROJECT_REF is not set, so this worker may break nothing.';
  }
  if (drillProjectRef !== projectRef) {
    return `This worker has the credentials of the project ${projectRef}; DRILL_PROJECT_REF allows drills in ${drillProjectRef} only.`;
  }
  return null;
}

/**
 * Refuses a drill unless both guards hold by this worker's configuration.
 *
 * @throws DrError `input-invalid` (not retried)
 */
export function requireDrillConfiguration(deps: DrillGround, environment: string): void {
  if (environment !== deps.environment) {
    throw refused(`This worker reaches the environment "${deps.environment}", not "${environment}".`);
  }
  const refusal = refusalOfDrills(deps);
  if (refusal !== null) throw refused(refusal);
}

/**
 * Refuses a drill unless both guards hold, and the provider itself says that these credentials are of the project that
 * may be broken. Asked before anything else, and again just before anything is broken.
 *
 * @throws DrError `input-invalid` (not retried) where a guard does not hold; the `provider-*` errors
 */
export async function requireDrillGround(
  deps: Pick<DrillDependencies, 'environment' | 'projectRef' | 'drillProjectRef' | 'policy' | 'platform'>,
  environment: string,
): Promise<void> {
  requireDrillConfiguration(deps, environment);
  const { ref, name } = await deps.platform.identity();
  if (ref !== deps.drillProjectRef) {
    throw refused(
      `The provider says that these credentials are of ${name} (${ref}); DRILL_PROJECT_REF allows drills in ${deps.drillProjectRef} only.`,
    );
  }
}

/** A drill that is not begun. */
export function refused(
  happened: string,
  next = 'Hold drills with a worker of the sandbox or of a staging environment that has its own project, and name that project in its DRILL_PROJECT_REF.',
): DrError {
  return new DrError('input-invalid', {
    happened,
    meaning: 'The drill was not begun; nothing was broken and nobody was told.',
    next,
  });
}
