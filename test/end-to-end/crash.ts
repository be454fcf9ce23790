import type { SandboxProduction } from '../sandbox/index.ts';
import { eventually } from './condition.ts';
import { quickPolicy } from './production.ts';

const minute = 60_000;

/** Short waits of a crash; whatever was deployed in the last minutes and fails is a bad deployment. */
export const crashPolicy = {
  ...quickPolicy,
  crash: { withinMs: 5 * minute, restartDeadlineMs: 15_000, newDeploymentMs: 10 * minute },
} as const;

/** What users meet; null when nothing answers. */
export const healthStatus = ({ railway }: SandboxProduction): Promise<number | null> =>
  fetch(`${railway.applicationUrl}/health`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ status }) => status,
    () => null,
  );

/** Resolves when the application does not answer as it should. */
export const down = (sandbox: SandboxProduction): Promise<true> =>
  eventually('users are without the application', async () =>
    (await healthStatus(sandbox)) === 200 ? undefined : true,
  );

/** Resolves when the platform has given the newest deployment up. */
export const givenUp = ({ railway: { service } }: SandboxProduction): Promise<true> =>
  eventually('the platform gives it up', () => service.deployments()[0]?.status === 'CRASHED' || undefined);
