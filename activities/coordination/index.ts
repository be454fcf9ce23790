import { activityInfo } from '@temporalio/activity';
import type { ScheduleState } from '../../workflows/contracts/operations.ts';
import type { ScheduleChange } from '../ports.ts';
import { askOperationsToStandBack, type RunningOperation } from './ask-operations-to-stand-back.ts';
import { checkSchedules, type SchedulesCheck, type SchedulesCheckInput } from './check-schedules.ts';
import type { CoordinationDependencies } from './dependencies.ts';

/** Activities that keep recoveries and operations out of each other's way, and the schedules as the policy says. */
export function createCoordinationActivities(deps: CoordinationDependencies) {
  const { registry, scheduler, policy } = deps;
  return {
    /** Whether a recovery holds the environment. Throws `orchestrator-unavailable` (retried). */
    recoveryRunning: async ({ environment }: { readonly environment: string }): Promise<boolean> =>
      (await registry.recoveryOf(environment)) !== null,
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
    /** See {@link checkSchedules}. */
    checkSchedules: (input: SchedulesCheckInput): Promise<SchedulesCheck> => checkSchedules(deps, input),
  };
}

/** The coordination activities as a workflow calls them. */
export type CoordinationActivities = ReturnType<typeof createCoordinationActivities>;
