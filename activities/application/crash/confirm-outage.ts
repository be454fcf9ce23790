import { Context } from '@temporalio/activity';
import type { Outage } from '../../../workflows/contracts/crash.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import { scrubSecrets } from '../scrub-secrets.ts';

/** What {@link confirmOutage} takes. */
export interface ConfirmOutageInput {
  readonly probes: number;
  /** Between two probes, in ms. */
  readonly probeEveryMs: number;
}

/** Probes the application several times: one lost packet is no outage, and one good answer of three is one. */
export async function confirmOutage(
  { probe }: Pick<ApplicationDependencies, 'probe'>,
  { probes, probeEveryMs }: ConfirmOutageInput,
): Promise<Outage> {
  const context = Context.current();
  const answers: { readonly healthy: boolean; readonly detail: string }[] = [];
  for (let done = 0; done < probes; done += 1) {
    if (done > 0) await context.sleep(probeEveryMs);
    answers.push(await probe.probe());
    context.heartbeat();
  }
  const failed = answers.filter(({ healthy }) => !healthy);
  return {
    down: failed.length > 0,
    probes,
    failed: failed.length,
    probedAt: new Date().toISOString(),
    answer: scrubSecrets((failed.at(-1) ?? answers.at(-1))?.detail ?? 'not probed'),
  };
}
