import { DrError } from '../errors.ts';
import type { Deployment } from '../ports.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { deploymentFailure } from './deployment-failure.ts';
import { waitFor } from './waiting.ts';

/** What {@link startApplication} takes. */
export interface StartApplicationInput {
  /** The deployment whose build is started again. */
  readonly deploymentId: string;
  /** How long the deployment may take until it runs, in ms, per attempt. */
  readonly deadlineMs: number;
}

/** The deployment that runs now. */
export interface StartedApplication {
  readonly deploymentId: string;
  /** RFC 3339, UTC: when it was seen running. */
  readonly startedAt: string;
}

const looksForLostRedeploy = 5;

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
  const before = await dependencies.platform.deployments();
  const startedId =
    alreadyStarted(before, deploymentId) ?? (await redeploy(dependencies, before, deploymentId));
  let seen: Deployment | undefined;
  const settled = await waitFor({ everyMs: dependencies.pollEveryMs, deadlineMs }, async () => {
    seen = (await dependencies.platform.deployments()).find(({ id }) => id === startedId) ?? seen;
    return seen === undefined || seen.status === 'starting' || seen.status === 'unknown' ? undefined : seen;
  });
  if (settled?.status === 'running') {
    return { deploymentId: startedId, startedAt: new Date().toISOString() };
  }
  throw await deploymentFailure(dependencies, startedId, settled?.rawStatus ?? seen?.rawStatus, deadlineMs);
}

/** The deployment itself when it runs, or a newer one that runs or is under way. */
function alreadyStarted(deployments: readonly Deployment[], deploymentId: string): string | undefined {
  const position = deployments.findIndex(({ id }) => id === deploymentId);
  const newest = position === -1 ? [] : deployments.slice(0, position + 1);
  return newest.find(({ status }) => status === 'running' || status === 'starting')?.id;
}

async function redeploy(
  dependencies: ApplicationDependencies,
  before: readonly Deployment[],
  deploymentId: string,
): Promise<string> {
  try {
    return await dependencies.platform.redeploy(deploymentId);
  } catch (error) {
    if (!(error instanceof DrError) || !uncertain.has(error.type)) throw error;
    const taken = await findNewDeployment(dependencies, before);
    if (taken === undefined) throw error;
    return taken;
  }
}

const uncertain: ReadonlySet<string> = new Set([
  'provider-timeout',
  'provider-unavailable',
  'provider-answer-unknown',
]);

/** A redeploy whose answer was lost may have been taken: it shows as a deployment that was not there before. */
async function findNewDeployment(
  { platform, pollEveryMs }: ApplicationDependencies,
  before: readonly Deployment[],
): Promise<string | undefined> {
  const known = new Set(before.map(({ id }) => id));
  return waitFor(
    { everyMs: pollEveryMs, deadlineMs: pollEveryMs * looksForLostRedeploy },
    async () => (await platform.deployments()).find(({ id }) => !known.has(id))?.id,
  );
}
