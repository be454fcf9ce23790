import type { ApplicationPlatform, ApplicationProbe } from '../ports.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { pauseDeployments } from './pause-deployments.ts';
import { probeHealth } from './probe-health.ts';
import { readApplicationState } from './read-application-state.ts';
import { type ResumeDeploymentsInput, resumeDeployments } from './resume-deployments.ts';
import { type StartApplicationInput, startApplication } from './start-application.ts';
import { stopApplication } from './stop-application.ts';
import { type WatchHealthInput, watchHealth } from './watch-health.ts';

export type { StartedApplication } from './new-deployment.ts';
export type { PausedDeployments } from './pause-deployments.ts';
export type { HealthProbe } from './probe-health.ts';
export type { StoppedApplication } from './stop-application.ts';

const defaultPollMs = 2_000;

/**
 * The activities that read, stop, start and watch the application.
 *
 * @param options.pollEveryMs between two looks at the platform while waiting, in ms; 2 s, well within Railway's limits
 */
export function createApplicationActivities(options: {
  readonly platform: ApplicationPlatform;
  readonly probe: ApplicationProbe;
  readonly pollEveryMs?: number;
}) {
  const { platform, probe, pollEveryMs = defaultPollMs } = options;
  const dependencies: ApplicationDependencies = { platform, probe, pollEveryMs };
  return {
    readApplicationState: () => readApplicationState(dependencies),
    pauseDeployments: () => pauseDeployments(dependencies),
    resumeDeployments: (input: ResumeDeploymentsInput) => resumeDeployments(dependencies, input),
    stopApplication: () => stopApplication(dependencies),
    startApplication: (input: StartApplicationInput) => startApplication(dependencies, input),
    probeHealth: () => probeHealth(dependencies),
    watchHealth: (input: WatchHealthInput) => watchHealth(dependencies, input),
  };
}

/** The application activities as a workflow calls them. */
export type ApplicationActivities = ReturnType<typeof createApplicationActivities>;
