import type { Deployment } from '../ports.ts';

/**
 * The deployment that has the application: the newest that runs; when none does, the newest that ran and was stopped
 * or crashed and can be deployed again. Builds that never ran are passed over.
 *
 * @param deployments newest first
 */
export function activeDeployment(deployments: readonly Deployment[]): Deployment | undefined {
  return (
    deployments.find(({ status }) => status === 'running') ??
    deployments.find(
      ({ status, canRedeploy }) => (status === 'stopped' || status === 'crashed') && canRedeploy,
    )
  );
}
