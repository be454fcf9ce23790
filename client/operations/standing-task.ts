import type { WorkflowExecutionDescription } from '@temporalio/client';

/** `PENDING_WORKFLOW_TASK_STATE_SCHEDULED` and `PENDING_ACTIVITY_STATE_SCHEDULED` of Temporal's API. */
const scheduled = 1;

/**
 * Names the tasks of a run that wait for a worker while nothing of it is being worked on.
 *
 * @returns the same text as long as the same tasks wait, a retry being another; null when something is worked on
 */
export function standingTask({ raw }: WorkflowExecutionDescription): string | null {
  const task = raw.pendingWorkflowTask;
  if (task != null) {
    const since = String(task.scheduledTime?.seconds ?? '');
    return task.state === scheduled ? `workflow task ${task.attempt} of ${since}` : null;
  }
  const activities = raw.pendingActivities ?? [];
  if (activities.length === 0 || activities.some(({ state }) => state !== scheduled)) return null;
  return activities.map(({ activityId, attempt }) => `${activityId}, attempt ${attempt}`).join('; ');
}
