import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { MonitorOrders, OrchestratorCheck, RecoveryDesk, RunRegistry, Scheduler } from '../../ports.ts';
import { createTemporalAccess } from './access.ts';
import { createMonitorOrders } from './monitor-orders.ts';
import { createOrchestratorCheck } from './orchestrator-check.ts';
import { createRecoveryDesk } from './recovery-desk.ts';
import { createRunRegistry } from './run-registry.ts';
import { createScheduler } from './scheduler.ts';

/** The orchestrator as activities see it. */
export interface TemporalOrchestrator {
  readonly registry: RunRegistry;
  readonly desk: RecoveryDesk;
  readonly scheduler: Scheduler;
  readonly monitor: MonitorOrders;
  readonly check: OrchestratorCheck;
  /** Closes the connection if one was opened. */
  close(): Promise<void>;
}

/**
 * Temporal from within an activity, over a connection of its own that is opened at the first use.
 *
 * @param settings as `loadClientConnectConfig` of `@temporalio/envconfig` gives them; the API key is never shown
 */
export function createTemporalOrchestrator(settings: ClientConnectConfig): TemporalOrchestrator {
  const access = createTemporalAccess(settings);
  return {
    registry: createRunRegistry(access),
    desk: createRecoveryDesk(access),
    scheduler: createScheduler(access),
    monitor: createMonitorOrders(access),
    check: createOrchestratorCheck(access),
    close: () => access.close(),
  };
}
