import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { DrError } from '../errors.ts';
import { activeDeployment } from './active-deployment.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { earlierProgress } from './progress.ts';
import { scrubSecrets } from './scrub-secrets.ts';
import { waitFor } from './waiting.ts';

/** What a stop found and did. */
export interface StoppedApplication {
  readonly stoppedDeploymentIds: readonly string[];
  /** The deployment that had the application, to be started again; null when there was none. */
  readonly deploymentId: string | null;
}

const effectDeadlineMs = 300_000;

const noted = z.object({
  deploymentId: z.string().nullable(),
  stoppedDeploymentIds: z.array(z.string()),
});

/**
 * Stops every deployment that runs, and waits until the platform shows none and the health URL does not answer
 * healthy, 5 minutes at most. Already stopped is success. Deployments that start meanwhile are stopped once they run:
 * pause deployments first.
 *
 * @throws DrError the `provider-*` errors; `fence-not-in-force` (not retried) when the application goes on
 */
export async function stopApplication(dependencies: ApplicationDependencies): Promise<StoppedApplication> {
  const { platform, probe, pollEveryMs } = dependencies;
  const before = earlierProgress(noted) ?? {
    deploymentId: activeDeployment(await platform.deployments())?.id ?? null,
    stoppedDeploymentIds: [],
  };
  const ordered = new Set(before.stoppedDeploymentIds);
  const found = () => ({ deploymentId: before.deploymentId, stoppedDeploymentIds: [...ordered] });
  // Noted before the change: afterwards a later attempt could take another deployment for the active one.
  Context.current().heartbeat(found());

  let lastSeen = 'nothing';
  const stopped = await waitFor(
    { everyMs: pollEveryMs, deadlineMs: effectDeadlineMs, progress: found },
    async () => {
      const deployments = await platform.deployments();
      const running = deployments.filter(({ status }) => status === 'running');
      for (const { id } of running) {
        if (await order(dependencies, id)) ordered.add(id);
      }
      const { healthy, detail } = await probe.probe();
      const starting = deployments.filter(({ status }) => status === 'starting');
      lastSeen = `running: ${running.length}, starting: ${starting.length}, health: ${scrubSecrets(detail)}`;
      return running.length === 0 && starting.length === 0 && !healthy ? true : undefined;
    },
  );
  if (stopped === undefined) {
    throw new DrError('fence-not-in-force', {
      happened: `The application is not stopped after ${effectDeadlineMs / 1_000} s (${lastSeen}).`,
      meaning: 'It may still write to the database: what it writes is lost in a restore.',
      next: 'Stop the service in the platform’s dashboard, check that its health URL does not answer, then retry.',
    });
  }
  return found();
}

/** Refused means that it stopped in the meantime, or that the next look shows it still running. */
async function order({ platform }: ApplicationDependencies, id: string): Promise<boolean> {
  try {
    await platform.stopDeployment(id);
    return true;
  } catch (error) {
    if (error instanceof DrError && error.type === 'provider-refused') return false;
    throw error;
  }
}
