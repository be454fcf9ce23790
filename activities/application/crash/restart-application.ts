import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { DrError } from '../../errors.ts';
import type { Deployment } from '../../ports.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import { earlierProgress } from '../progress.ts';
import { mayHaveTakenEffect } from '../uncertain-outcome.ts';
import { waitFor } from '../waiting.ts';
import { deployOnce } from './deploy-once.ts';

/** What {@link restartApplication} takes. */
export interface RestartApplicationInput {
  readonly deploymentId: string;
  /** Deploys the same build anew instead, because only a new deployment gets the variables of now. */
  readonly withVariablesOfNow: boolean;
  /** How long a new deployment may take until it runs, in ms, per attempt. */
  readonly deadlineMs: number;
}

/** A restart that was taken. */
export interface RestartedApplication {
  /** The same, or the one that was made in its place. */
  readonly deploymentId: string;
  /** RFC 3339, UTC: before the order was given. */
  readonly restartedAt: string;
}

const looksForLostRestart = 5;

const noted = z.object({
  restartedAt: z.string(),
  /** The status and when it changed, as they were before. */
  before: z.string(),
  knownIds: z.array(z.string()),
});

/**
 * Restarts the process of a deployment. What cannot be restarted, because it was stopped or removed, is deployed anew
 * from the same build. An order that an earlier attempt gave, and that shows, is not given again.
 *
 * @throws DrError the `provider-*` errors; `deployment-failed` when a deployment anew could not be made
 */
export async function restartApplication(
  dependencies: ApplicationDependencies,
  { deploymentId, withVariablesOfNow, deadlineMs }: RestartApplicationInput,
): Promise<RestartedApplication> {
  const { platform } = dependencies;
  const earlier = earlierProgress(noted);
  const progress = earlier ?? noteBefore(await platform.deployments(), deploymentId);
  // Noted before the order: a later attempt tells by it whether the order was taken.
  Context.current().heartbeat(progress);
  const { restartedAt, before, knownIds } = progress;
  const deployAnew = async () => {
    const started = await deployOnce(dependencies, { deploymentId, by: 'redeploy', knownIds, deadlineMs });
    return { deploymentId: started.deploymentId, restartedAt };
  };
  if (withVariablesOfNow) return deployAnew();

  const taken = () => seesChange(dependencies, deploymentId, before);
  if (earlier !== undefined && (await taken())) return { deploymentId, restartedAt };
  try {
    await platform.restartDeployment(deploymentId);
  } catch (error) {
    if (error instanceof DrError && error.type === 'provider-refused') return deployAnew();
    if (!mayHaveTakenEffect(error) || !(await taken())) throw error;
    return { deploymentId, restartedAt };
  }
  // A status from before the order would look like a failure of the restart.
  await taken();
  return { deploymentId, restartedAt };
}

function noteBefore(deployments: readonly Deployment[], deploymentId: string): z.infer<typeof noted> {
  return {
    restartedAt: new Date().toISOString(),
    before: standing(deployments, deploymentId),
    knownIds: deployments.map(({ id }) => id),
  };
}

async function seesChange(
  { platform, pollEveryMs }: ApplicationDependencies,
  deploymentId: string,
  before: string,
): Promise<boolean> {
  const changed = await waitFor(
    { everyMs: pollEveryMs, deadlineMs: pollEveryMs * looksForLostRestart },
    async () => standing(await platform.deployments(), deploymentId) !== before || undefined,
  );
  return changed === true;
}

function standing(deployments: readonly Deployment[], deploymentId: string): string {
  const deployment = deployments.find(({ id }) => id === deploymentId);
  return deployment === undefined
    ? 'gone'
    : `${deployment.rawStatus} since ${deployment.statusChangedAt ?? '?'}`;
}
