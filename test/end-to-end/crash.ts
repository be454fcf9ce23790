import type { SandboxProduction } from '../sandbox/index.ts';
import { eventually } from './condition.ts';
import { quickPolicy } from './production.ts';
import { asSuperuser } from './truth.ts';

const minute = 60_000;
/** Slow is not down: a busy machine may need seconds for an answer. */
const answerWithinMs = 5_000;

/** Short waits of a crash; whatever was deployed in the last minutes and fails is a bad deployment. */
export const crashPolicy = {
  ...quickPolicy,
  crash: { withinMs: 5 * minute, restartDeadlineMs: 15_000, newDeploymentMs: 10 * minute },
} as const;

/** What users meet; null when nothing answers. */
export const healthStatus = ({ railway }: SandboxProduction): Promise<number | null> =>
  fetch(`${railway.applicationUrl}/health`, { signal: AbortSignal.timeout(answerWithinMs) }).then(
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

const applicationRole = 'vendhub_app';

/** Gives the application's role another password and ends its sessions: the login that the application has is refused. */
export function setApplicationPassword(sandbox: SandboxProduction, password: string): Promise<void> {
  return asSuperuser(sandbox, async (client) => {
    await client.query(`ALTER ROLE ${applicationRole} PASSWORD ${client.escapeLiteral(password)}`);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
      applicationRole,
    ]);
  });
}

/** The platform keeps no image of what ran before: nothing can be rolled back to. */
export function forgetImages({ railway: { service } }: SandboxProduction): void {
  for (const deployment of service.deployments()) deployment.hasImage = false;
}

/** Resolves when users have the application. */
export const served = (sandbox: SandboxProduction): Promise<true> =>
  eventually('the application works', async () => (await healthStatus(sandbox)) === 200 || undefined);
