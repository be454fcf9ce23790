import type { Policy } from '../../workflows/contracts/policy.ts';
import type { RunRegistry, Scheduler } from '../ports.ts';

/** What the coordination activities need. */
export interface CoordinationDependencies {
  readonly registry: RunRegistry;
  readonly scheduler: Scheduler;
  readonly policy: Pick<Policy, 'schedules' | 'pollEveryMs'>;
}
