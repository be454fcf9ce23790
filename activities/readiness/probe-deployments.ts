import type { DeploymentFacts } from '../../workflows/contracts/readiness-facts.ts';
import { activeDeployment } from '../application/active-deployment.ts';
import type { ApplicationPlatform } from '../ports.ts';

/**
 * Reads which deployment has the application, and which one it could be rolled back to.
 *
 * @throws DrError `provider-*`
 */
export async function probeDeployments(
  platform: Pick<ApplicationPlatform, 'deployments'>,
): Promise<DeploymentFacts> {
  const deployments = await platform.deployments();
  const active = activeDeployment(deployments);
  const rollbackTo = deployments.find(({ id, canRollback }) => canRollback && id !== active?.id);
  return {
    listed: deployments.length,
    active:
      active === undefined
        ? null
        : { id: active.id, running: active.status === 'running', rawStatus: active.rawStatus },
    rollbackTo: rollbackTo === undefined ? null : { id: rollbackTo.id, createdAt: rollbackTo.createdAt },
  };
}
