import { activeDeployment } from '../active-deployment.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import { waitFor } from '../waiting.ts';

/** What {@link awaitDeployment} takes. */
export interface AwaitDeploymentInput {
  /** How long to wait at most, in ms, per attempt. */
  readonly deadlineMs: number;
}

/**
 * Waits while a new deployment takes the place of one that runs no more: the one that was replaced cannot be restarted,
 * and the new one may be all that is needed. Changes nothing.
 *
 * @returns whether none is coming up any more; false when the deadline passed first
 * @throws DrError the `provider-*` errors
 */
export async function awaitDeployment(
  { platform, pollEveryMs }: Pick<ApplicationDependencies, 'platform' | 'pollEveryMs'>,
  { deadlineMs }: AwaitDeploymentInput,
): Promise<boolean> {
  const settled = await waitFor({ everyMs: pollEveryMs, deadlineMs }, async () => {
    const deployments = await platform.deployments();
    const active = activeDeployment(deployments);
    if (active?.status === 'running') return true;
    const newer = deployments.slice(0, active === undefined ? undefined : deployments.indexOf(active));
    return newer.some(({ status }) => status === 'starting') ? undefined : true;
  });
  return settled === true;
}
