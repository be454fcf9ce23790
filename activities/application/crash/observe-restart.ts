import { Context } from '@temporalio/activity';
import type { RestartOutcome } from '../../../workflows/contracts/crash.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import { scrubSecrets } from '../scrub-secrets.ts';

/** What {@link observeRestart} takes; times in ms. */
export interface ObserveRestartInput {
  readonly deploymentId: string;
  /** How long it must stay healthy, without a failed probe. */
  readonly watchMs: number;
  readonly probeEveryMs: number;
  /** How long it may take to become healthy. */
  readonly deadlineMs: number;
}

/**
 * Watches what a restart comes to: healthy for `watchMs`, or failed because it fell again, because the platform gave it
 * up, or because it did not become healthy in time. Both are findings.
 *
 * @throws DrError the `provider-*` errors
 */
export async function observeRestart(
  { platform, probe }: ApplicationDependencies,
  { deploymentId, watchMs, probeEveryMs, deadlineMs }: ObserveRestartInput,
): Promise<RestartOutcome> {
  const context = Context.current();
  const giveUpAt = Date.now() + deadlineMs;
  let healthySince: number | undefined;
  let probes = 0;
  for (;;) {
    const { healthy, detail } = await probe.probe();
    const now = Date.now();
    context.heartbeat();
    if (healthy) {
      healthySince ??= now;
      probes += 1;
      const watchedMs = now - healthySince;
      if (watchedMs >= watchMs) {
        return { kind: 'healthy', healthySince: new Date(healthySince).toISOString(), watchedMs, probes };
      }
    } else {
      const answer = scrubSecrets(detail);
      if (healthySince !== undefined)
        return failed(`it was healthy for ${now - healthySince} ms, then: ${answer}`);
      if (now >= giveUpAt) return failed(`not healthy within ${deadlineMs} ms: ${answer}`);
      const deployment = (await platform.deployments()).find(({ id }) => id === deploymentId);
      if (deployment?.status === 'crashed' || deployment?.status === 'failed') {
        return failed(`the platform gave it up: ${deployment.rawStatus}`);
      }
    }
    await context.sleep(probeEveryMs);
  }
}

function failed(found: string): RestartOutcome {
  return { kind: 'failed', at: new Date().toISOString(), found };
}
