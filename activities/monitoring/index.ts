import type { Diagnosis, Evidence, Observation, ObserveInput } from '../../workflows/contracts/monitoring.ts';
import type { MonitoringDependencies } from './dependencies.ts';
import { diagnose } from './diagnose.ts';
import { observe } from './observe.ts';

export type { MonitoringDependencies } from './dependencies.ts';

/** The looking of the monitor; each is described where it is written. */
export interface MonitoringActivities {
  observe(input: ObserveInput): Promise<Observation>;
  /** Which runbook the evidence speaks for, with what people and other systems reported. Null without evidence. */
  diagnose(input: { readonly evidence: readonly Evidence[] }): Promise<Diagnosis | null>;
}

/** Makes the activities of the monitor. */
export function createMonitoringActivities(dependencies: MonitoringDependencies): MonitoringActivities {
  return {
    observe: (input) => observe(dependencies, input),
    diagnose: async ({ evidence }) => diagnose(evidence),
  };
}
