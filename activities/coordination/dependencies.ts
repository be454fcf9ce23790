import type { Policy } from '../../workflows/contracts/policy.ts';
import type { MonitorOrders, RecoveryDesk, RunRegistry, Scheduler } from '../ports.ts';

/** What the coordination activities need. */
export interface CoordinationDependencies {
  readonly registry: RunRegistry;
  readonly desk: Pick<RecoveryDesk, 'newest' | 'look' | 'recoveriesOf'>;
  readonly monitor: Pick<MonitorOrders, 'endStuck'>;
  readonly scheduler: Scheduler;
  readonly policy: Pick<Policy, 'schedules' | 'pollEveryMs'>;
}
