import type { ApplicationState } from '../../workflows/contracts/evidence.ts';
import { activeDeployment } from './active-deployment.ts';
import type { ApplicationDependencies } from './dependencies.ts';

/**
 * Reads which deployment has the application, how it stands, and whether pushes are deployed. Changes nothing.
 *
 * @throws DrError the `provider-*` errors
 */
export async function readApplicationState({ platform }: ApplicationDependencies): Promise<ApplicationState> {
  const [deployments, autoDeploy] = await Promise.all([platform.deployments(), platform.autoDeploy()]);
  const active = activeDeployment(deployments);
  return {
    deploymentId: active?.id ?? null,
    deploymentStatus: active?.rawStatus ?? 'none',
    running: active?.status === 'running',
    autoDeployEnabled: autoDeploy.enabled,
  };
}
