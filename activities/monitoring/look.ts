import type { MonitorMemory, SignalName } from '../../workflows/contracts/monitoring.ts';
import type { MonitorPolicy } from '../../workflows/contracts/policy.ts';
import type { MonitoringDependencies } from './dependencies.ts';
import type { Reading } from './reading.ts';

/** What one look of a group of probes is given. */
export interface LookContext {
  readonly dependencies: MonitoringDependencies;
  readonly monitor: MonitorPolicy;
  readonly environment: string;
  readonly memory: MonitorMemory;
  /** RFC 3339, UTC: when the look began. */
  readonly at: string;
  readonly signal: AbortSignal;
}

/** What one look found, and what is to be remembered of it. */
export interface Look {
  readonly readings: readonly Reading[];
  readonly memory?: Partial<MonitorMemory>;
}

/** Probes that are made together, because they share a connection or an answer. */
export interface ProbeGroup {
  readonly name: string;
  /** What is not known where the whole look fails. */
  readonly signals: readonly SignalName[];
  /** Whether it still tells something while a recovery changes production. */
  readonly duringRecovery: boolean;
  everyMs(monitor: MonitorPolicy): number;
  patienceMs(monitor: MonitorPolicy): number;
  /** Throws where nothing could be looked at. */
  look(context: LookContext): Promise<Look>;
}
