import type { ApplicationDependencies } from './dependencies.ts';

/** One health probe. */
export interface HealthProbe {
  readonly healthy: boolean;
  /** Until the answer or the failure, in ms. */
  readonly latencyMs: number;
  readonly detail: string;
}

/** Probes the application once, as its users reach it. An unhealthy answer is a finding, not an error. */
export async function probeHealth({ probe }: ApplicationDependencies): Promise<HealthProbe> {
  const { healthy, latencyMs, detail } = await probe.probe();
  return { healthy, latencyMs, detail };
}
