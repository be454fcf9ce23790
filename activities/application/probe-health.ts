import type { ApplicationDependencies } from './dependencies.ts';
import { scrubSecrets } from './scrub-secrets.ts';

/** One health probe. */
export interface HealthProbe {
  readonly healthy: boolean;
  /** Until the answer or the failure, in ms. */
  readonly latencyMs: number;
  /** What the application answered, without what looks like a secret; or why it did not. */
  readonly detail: string;
}

/** Probes the application once, as its users reach it. An unhealthy answer is a finding, not an error. */
export async function probeHealth({ probe }: Pick<ApplicationDependencies, 'probe'>): Promise<HealthProbe> {
  const { healthy, latencyMs, detail } = await probe.probe();
  return { healthy, latencyMs, detail: scrubSecrets(detail) };
}
