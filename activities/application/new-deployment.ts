import type { Deployment } from '../ports.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { deploymentFailure } from './deployment-failure.ts';
import { mayHaveTakenEffect } from './uncertain-outcome.ts';
import { waitFor } from './waiting.ts';

/** The deployment that runs now. */
export interface StartedApplication {
  readonly deploymentId: string;
  /** RFC 3339, UTC: when it was seen running. */
  readonly startedAt: string;
}

const looksForLostOrder = 5;

/**
 * Gives an order that makes a deployment, and finds what it made. An order whose answer is lost may have been taken:
 * its deployment shows as one that was not there before.
 *
 * @param knownIds every deployment there was before
 * @throws DrError what the order threw, when no new deployment shows
 */
export async function orderDeployment(
  dependencies: ApplicationDependencies,
  knownIds: readonly string[],
  order: () => Promise<string | undefined>,
): Promise<string> {
  let failure: unknown;
  try {
    const made = await order();
    if (made !== undefined) return made;
  } catch (error) {
    if (!mayHaveTakenEffect(error)) throw error;
    failure = error;
  }
  const made = await findNewDeployment(dependencies, knownIds);
  if (made !== undefined) return made;
  throw failure ?? (await deploymentFailure(dependencies, 'of this order', undefined, 0));
}

async function findNewDeployment(
  { platform, pollEveryMs }: ApplicationDependencies,
  knownIds: readonly string[],
): Promise<string | undefined> {
  const known = new Set(knownIds);
  return waitFor(
    { everyMs: pollEveryMs, deadlineMs: pollEveryMs * looksForLostOrder },
    async () => (await platform.deployments()).find(({ id }) => !known.has(id))?.id,
  );
}

/**
 * Waits until the platform shows a deployment running.
 *
 * @param deadlineMs how long it may take, in ms
 * @throws DrError the `provider-*` errors; `deployment-failed` (not retried) with the last log lines
 */
export async function awaitRunning(
  dependencies: ApplicationDependencies,
  deploymentId: string,
  deadlineMs: number,
): Promise<StartedApplication> {
  const settled = await awaitSettled(dependencies, deploymentId, deadlineMs);
  if (settled?.status === 'running') return { deploymentId, startedAt: new Date().toISOString() };
  throw await deploymentFailure(dependencies, deploymentId, settled?.rawStatus, deadlineMs);
}

/**
 * Waits until a deployment is not under way any more.
 *
 * @param deadlineMs how long it may take, in ms
 * @returns how it was seen last; undefined when it was never listed
 * @throws DrError the `provider-*` errors
 */
export async function awaitSettled(
  { platform, pollEveryMs }: ApplicationDependencies,
  deploymentId: string,
  deadlineMs: number,
): Promise<Deployment | undefined> {
  let seen: Deployment | undefined;
  await waitFor({ everyMs: pollEveryMs, deadlineMs }, async () => {
    seen = (await platform.deployments()).find(({ id }) => id === deploymentId) ?? seen;
    return seen === undefined || seen.status === 'starting' || seen.status === 'unknown' ? undefined : seen;
  });
  return seen;
}
