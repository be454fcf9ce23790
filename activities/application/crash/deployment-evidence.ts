import type { DeploymentEvidence } from '../../../workflows/contracts/crash.ts';
import type { Deployment } from '../../ports.ts';
import { scrubSecrets } from '../scrub-secrets.ts';

/** What is recorded of a deployment. */
export function deploymentEvidence({ id, rawStatus, createdAt, commit }: Deployment): DeploymentEvidence {
  return {
    id,
    status: rawStatus,
    createdAt,
    commit:
      commit === null
        ? null
        : { ...commit, subject: commit.subject === null ? null : scrubSecrets(commit.subject) },
  };
}
