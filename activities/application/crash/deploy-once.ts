import type { ApplicationDependencies } from '../dependencies.ts';
import { awaitSettled, orderDeployment } from '../new-deployment.ts';

/** What {@link deployOnce} takes. */
export interface DeployOnceInput {
  /** The deployment whose build is taken. */
  readonly deploymentId: string;
  /** `rollback` takes its variables too; `redeploy` takes those that the service has now. */
  readonly by: 'rollback' | 'redeploy';
  /** Every deployment there was when this was decided: one that is not among them was made by an earlier attempt. */
  readonly knownIds: readonly string[];
  /** How long to wait until it runs, in ms, per attempt. */
  readonly deadlineMs: number;
}

/** What was deployed. */
export interface DeployedOnce {
  readonly deploymentId: string;
  /** The provider's own word, as seen last. */
  readonly status: string;
  readonly running: boolean;
  /** RFC 3339, UTC: when it was seen so. */
  readonly seenAt: string;
}

/**
 * Goes back to a deployment's build, or deploys it anew, once: what an earlier attempt made is waited for, not doubled.
 * That it does not run is a finding: with the variables that belong to it, it may.
 *
 * @throws DrError the `provider-*` errors; `deployment-failed` (not retried) when the order made no deployment
 */
export async function deployOnce(
  dependencies: ApplicationDependencies,
  { deploymentId, by, knownIds, deadlineMs }: DeployOnceInput,
): Promise<DeployedOnce> {
  const { platform } = dependencies;
  const known = new Set(knownIds);
  const made = (await platform.deployments()).find(({ id }) => !known.has(id))?.id;
  const newId =
    made ??
    (await orderDeployment(dependencies, knownIds, async () => {
      if (by === 'redeploy') return platform.redeploy(deploymentId);
      await platform.rollbackTo(deploymentId);
      return undefined;
    }));
  const seen = await awaitSettled(dependencies, newId, deadlineMs);
  return {
    deploymentId: newId,
    status: seen?.rawStatus ?? 'not listed',
    running: seen?.status === 'running',
    seenAt: new Date().toISOString(),
  };
}
