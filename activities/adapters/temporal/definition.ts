import type { ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import { searchAttributes, taskQueue } from '../../../workflows/contracts/names.ts';
import {
  operationWorkflows,
  type ScheduleOverlap,
  type ScheduleSpec,
} from '../../../workflows/contracts/operations.ts';

/** Under the memo's `managedBy`: tells our schedules from those that others made in the same namespace. */
export const owner = 'vendhub-dr';

const overlapPolicies = {
  skip: 'SKIP',
  'buffer-one': 'BUFFER_ONE',
  'allow-all': 'ALLOW_ALL',
} as const satisfies Record<ScheduleOverlap, ScheduleOverlapPolicy>;

/** The id of a schedule in Temporal. */
export const scheduleId = (environment: string, id: string): string => `${environment}-${id}`;

/**
 * A spec as Temporal is given it. The memo holds nothing that can change, because the client cannot change a memo.
 * Temporal appends the moment to the workflow id, so that each run has its own.
 */
export function defineSchedule(environment: string, spec: ScheduleSpec) {
  return {
    scheduleId: scheduleId(environment, spec.id),
    spec: { cronExpressions: [...spec.cron], timezone: 'UTC' },
    action: {
      type: 'startWorkflow',
      workflowType: operationWorkflows[spec.operation],
      workflowId: `${spec.operation}-${environment}`,
      taskQueue,
      args: [{ environment, startedBy: 'schedule', ...(spec.tier === undefined ? {} : { tier: spec.tier }) }],
      typedSearchAttributes: [
        { key: searchAttributes.environment, value: environment },
        { key: searchAttributes.scenario, value: spec.operation },
      ],
      staticSummary: `${spec.id}: ${spec.procedure}`,
    },
    policies: {
      overlap: overlapPolicies[spec.overlap],
      catchupWindow: spec.catchupWindowMs,
      // An operation that failed once must be tried again at its next moment.
      pauseOnFailure: false,
    },
    state: { paused: false },
    memo: { managedBy: owner, environment },
  } satisfies ScheduleOptions;
}
