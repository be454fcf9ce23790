import { DrError } from '../errors.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { waitFor } from './waiting.ts';

/** What {@link resumeDeployments} takes. */
export interface ResumeDeploymentsInput {
  /** As it was before the pause. */
  readonly enabled: boolean;
}

const effectDeadlineMs = 60_000;

/**
 * Puts auto-deploy back as it was, and waits until the platform shows it, 1 minute at most. Already so is success.
 *
 * @throws DrError the `provider-*` errors; `provider-refused` also when the platform took it and does not show it
 */
export async function resumeDeployments(
  { platform, pollEveryMs }: ApplicationDependencies,
  { enabled }: ResumeDeploymentsInput,
): Promise<void> {
  if ((await platform.autoDeploy()).enabled === enabled) return;
  await platform.setAutoDeploy(enabled);
  const resumed = await waitFor({ everyMs: pollEveryMs, deadlineMs: effectDeadlineMs }, async () =>
    (await platform.autoDeploy()).enabled === enabled ? true : undefined,
  );
  if (resumed === undefined) {
    throw new DrError('provider-refused', {
      happened: `Auto-deploy is still ${enabled ? 'off' : 'on'} after ${effectDeadlineMs / 1_000} s.`,
      meaning: 'The application runs; only what happens at the next push differs from before.',
      next: `Switch auto-deploy ${enabled ? 'on' : 'off'} in the platform’s dashboard, then skip or retry this step.`,
    });
  }
}
