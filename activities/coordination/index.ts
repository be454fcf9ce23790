import { activityInfo } from '@temporalio/activity';
import type { UnfinishedBreach } from '../../workflows/contracts/breach.ts';
import type { LatestRecovery } from '../../workflows/contracts/monitor.ts';
import type { ScheduleState } from '../../workflows/contracts/operations.ts';
import type { Phase } from '../../workflows/contracts/status.ts';
import type { ScheduleChange } from '../ports.ts';
import { askOperationsToStandBack, type RunningOperation } from './ask-operations-to-stand-back.ts';
import { checkSchedules, type SchedulesCheck, type SchedulesCheckInput } from './check-schedules.ts';
import type { CoordinationDependencies } from './dependencies.ts';
import { latestRecovery } from './latest-recovery.ts';
import { unfinishedBreach } from './unfinished-breach.ts';

const proposed: Phase = 'proposed';

/** Activities that keep recoveries and operations out of each other's way, and the schedules as the policy says. */
export function createCoordinationActivities(deps: CoordinationDependencies) {
  const { registry, scheduler, monitor, policy } = deps;
  return {
    /**
     * Whether a recovery holds the environment; one that only waits to be begun does not. Throws
     * `orchestrator-unavailable` (retried).
     */
    recoveryRunning: async ({ environment }: { readonly environment: string }): Promise<boolean> => {
      const recovery = await registry.recoveryOf(environment);
      return recovery !== null && recovery.phase !== proposed;
    },
    /** See {@link MonitorOrders.endStuck}. */
    endStuckMonitor: ({ environment }: { readonly environment: string }): Promise<string | null> =>
      monitor.endStuck(environment),
    /** See {@link latestRecovery}. */
    latestRecovery: (input: { readonly environment: string }): Promise<LatestRecovery> =>
      latestRecovery(deps, input),
    /** See {@link unfinishedBreach}. */
    unfinishedBreach: (input: { readonly environment: string }): Promise<UnfinishedBreach | null> =>
      unfinishedBreach(deps, input),
    /**
     * The run that the calling one was reset from, if that had sent a restore request which the calling one does not know
     * of; null when there is none. Throws `orchestrator-unavailable` (retried).
     */
    restoreRequestedBeforeReset: async (): Promise<string | null> => {
      const { workflowExecution } = activityInfo();
      return workflowExecution === undefined
        ? null
        : registry.requestBeforeReset(workflowExecution.workflowId, workflowExecution.runId);
    },
    /** See {@link askOperationsToStandBack}. */
    askOperationsToStandBack: (input: {
      readonly environment: string;
      readonly waitMs: number;
    }): Promise<readonly RunningOperation[]> => askOperationsToStandBack(deps, input),
    /** See {@link Scheduler.apply}; the specs are the policy's. A paused schedule goes on. */
    applySchedules: ({ environment }: { readonly environment: string }): Promise<readonly ScheduleChange[]> =>
      scheduler.apply(environment, policy.schedules),
    /** See {@link Scheduler.list}. */
    listSchedules: ({
      environment,
      upcoming,
    }: {
      readonly environment: string;
      readonly upcoming: number;
    }): Promise<readonly ScheduleState[]> => scheduler.list(environment, policy.schedules, upcoming),
    /** See {@link RunRegistry.reviewsOf}. */
    listOpenReviews: ({ environment }: { readonly environment: string }) => registry.reviewsOf(environment),
    /** Tells every review of the environment that waits for people that something was attested. */
    tellReviewsAttested: async ({ environment }: { readonly environment: string }): Promise<void> => {
      for (const { workflowId, runId } of await registry.reviewsOf(environment)) {
        await registry.tellAttested(workflowId, runId);
      }
    },
    /** See {@link checkSchedules}. */
    checkSchedules: (input: SchedulesCheckInput): Promise<SchedulesCheck> => checkSchedules(deps, input),
  };
}

/** The coordination activities as a workflow calls them. */
export type CoordinationActivities = ReturnType<typeof createCoordinationActivities>;
