import { Context } from '@temporalio/activity';
import type { HealthWatch } from '../../workflows/contracts/evidence.ts';
import { DrError } from '../errors.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { scrubSecrets } from './scrub-secrets.ts';

/** What {@link watchHealth} takes, in ms. */
export interface WatchHealthInput {
  /** How long every probe must succeed. */
  readonly watchMs: number;
  readonly probeEveryMs: number;
  /** How long it may take until the unbroken healthy run begins. */
  readonly deadlineMs: number;
}

/**
 * Probes the application until it has been healthy for `watchMs` without a failed probe. A failed probe begins the
 * watch anew.
 *
 * @throws DrError `application-unhealthy` (not retried) when a probe fails and the deadline has passed
 */
export async function watchHealth(
  { probe }: Pick<ApplicationDependencies, 'probe'>,
  { watchMs, probeEveryMs, deadlineMs }: WatchHealthInput,
): Promise<HealthWatch> {
  const context = Context.current();
  const giveUpAt = Date.now() + deadlineMs;
  let healthySince: number | undefined;
  let probes = 0;
  let failedBeforeHealthy = 0;
  for (;;) {
    const { healthy, detail: answer } = await probe.probe();
    const detail = scrubSecrets(answer);
    const now = Date.now();
    context.heartbeat({ healthy, detail });
    if (healthy) {
      healthySince ??= now;
      probes += 1;
      const watchedMs = now - healthySince;
      if (watchedMs >= watchMs) {
        return {
          healthySince: new Date(healthySince).toISOString(),
          watchedMs,
          probes,
          failedBeforeHealthy,
        };
      }
    } else {
      failedBeforeHealthy += 1;
      healthySince = undefined;
      probes = 0;
      if (now >= giveUpAt) throw unhealthy(detail, deadlineMs);
    }
    await context.sleep(probeEveryMs);
  }
}

function unhealthy(detail: string, deadlineMs: number): DrError {
  return new DrError('application-unhealthy', {
    happened: `The application is not healthy after ${deadlineMs / 1_000} s; the last probe said: ${detail}.`,
    meaning: 'It is not recovered: its users cannot rely on it, and the recovery time goes on counting.',
    next: 'Look at the logs of the deployment and at the database, mend what they name, then retry.',
  });
}
