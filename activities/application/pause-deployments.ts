import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { earlierProgress } from './progress.ts';
import { waitFor } from './waiting.ts';

/** What a pause found and did. */
export interface PausedDeployments {
  /** What {@link resumeDeployments} puts back; also right when an earlier attempt had switched it off already. */
  readonly autoDeployEnabledBefore: boolean;
  /** False when the platform would not let auto-deploy be switched on again, which `canEnableReason` explains. */
  readonly canEnableAgain: boolean;
  readonly canEnableReason: string | null;
  /** Deployments under way that were cancelled. */
  readonly cancelled: readonly string[];
}

const effectDeadlineMs = 120_000;

const noted = z.object({
  autoDeployEnabledBefore: z.boolean(),
  canEnableAgain: z.boolean(),
  canEnableReason: z.string().nullable(),
  cancelled: z.array(z.string()),
});

/**
 * Switches auto-deploy off and cancels the deployments under way, so that nothing starts the application by itself.
 * What runs goes on running. Waits until the platform shows both, 2 minutes at most. May run twice.
 *
 * @throws DrError the `provider-*` errors; `fence-not-in-force` (not retried) when the effect does not show
 */
export async function pauseDeployments(dependencies: ApplicationDependencies): Promise<PausedDeployments> {
  const { platform, pollEveryMs } = dependencies;
  const before = earlierProgress(noted) ?? (await readBefore(dependencies));
  const cancelled = new Set(before.cancelled);
  const found = () => ({ ...before, cancelled: [...cancelled] });
  // Noted before the change: a later attempt would find auto-deploy off and never switch it on again.
  Context.current().heartbeat(found());

  if ((await platform.autoDeploy()).enabled) await platform.setAutoDeploy(false);
  const paused = await waitFor(
    { everyMs: pollEveryMs, deadlineMs: effectDeadlineMs, progress: found },
    async () => {
      const starting = (await platform.deployments()).filter(({ status }) => status === 'starting');
      for (const { id } of starting) {
        if (cancelled.has(id)) continue;
        if (await cancel(dependencies, id)) cancelled.add(id);
      }
      return starting.length === 0 && !(await platform.autoDeploy()).enabled ? true : undefined;
    },
  );
  if (paused === undefined) {
    throw new DrError('fence-not-in-force', {
      happened: `Deployments could not be paused within ${effectDeadlineMs / 1_000} s.`,
      meaning: 'A deployment under way, or the next push, may start the application during the recovery.',
      next: 'Switch auto-deploy off and cancel what is under way in the platform’s dashboard, then retry this step.',
    });
  }
  return found();
}

async function readBefore({ platform }: ApplicationDependencies): Promise<z.infer<typeof noted>> {
  const { enabled, canEnable, reason } = await platform.autoDeploy();
  return {
    autoDeployEnabledBefore: enabled,
    canEnableAgain: canEnable,
    canEnableReason: reason,
    cancelled: [],
  };
}

/** A deployment that was finished in the meantime cannot be cancelled any more; the next look tells how it stands. */
async function cancel({ platform }: ApplicationDependencies, id: string): Promise<boolean> {
  try {
    await platform.cancelDeployment(id);
    return true;
  } catch (error) {
    if (error instanceof DrError && error.type === 'provider-refused') return false;
    throw error;
  }
}
