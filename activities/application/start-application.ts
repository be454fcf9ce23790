import type { Deployment } from '../ports.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { awaitRunning, orderDeployment, type StartedApplication } from './new-deployment.ts';

/** What {@link startApplication} takes. */
export interface StartApplicationInput {
  /** The deployment whose build is started again. */
  readonly deploymentId: string;
  /** How long the deployment may take until it runs, in ms, per attempt. */
  readonly deadlineMs: number;
}

/**
 * Deploys the build of a deployment again and waits until the platform shows it running. Running already is success.
 * A newer deployment under way is taken for an earlier attempt's and waited for, never doubled: pause deployments
 * first. That it runs does not say that it is healthy.
 *
 * @throws DrError the `provider-*` errors; `deployment-failed` (not retried) with the last log lines
 */
export async function startApplication(
  dependencies: ApplicationDependencies,
  { deploymentId, deadlineMs }: StartApplicationInput,
): Promise<StartedApplication> {
  const { platform } = dependencies;
  const before = await platform.deployments();
  const startedId =
    alreadyStarted(before, deploymentId) ??
    (await orderDeployment(
      dependencies,
      before.map(({ id }) => id),
      () => platform.redeploy(deploymentId),
    ));
  return awaitRunning(dependencies, startedId, deadlineMs);
}

/** The deployment itself when it runs, or a newer one that runs or is under way. */
function alreadyStarted(deployments: readonly Deployment[], deploymentId: string): string | undefined {
  const position = deployments.findIndex(({ id }) => id === deploymentId);
  const newest = position === -1 ? [] : deployments.slice(0, position + 1);
  return newest.find(({ status }) => status === 'running' || status === 'starting')?.id;
}
