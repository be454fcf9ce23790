import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { SandboxProduction } from '../sandbox/index.ts';
import type { Recovery } from './recovery.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

/** Position of the event by which an activity of this type was completed, the `nth` from 1. */
function completionOf(events: readonly HistoryEvent[], activityType: string, nth: number): number {
  const scheduled = new Set(
    events.flatMap((event) =>
      event.activityTaskScheduledEventAttributes?.activityType?.name === activityType
        ? [String(event.eventId)]
        : [],
    ),
  );
  const completed = events.flatMap((event, position) =>
    scheduled.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)) ? [position] : [],
  );
  const found = completed[nth - 1];
  if (found === undefined) throw new Error(`${activityType} was not completed ${nth} times.`);
  return found;
}

/**
 * Resets a run in Temporal, as an operator may do in the Web UI: a new run takes over its history up to the workflow
 * task that came after an activity was completed, and decides that task anew.
 *
 * @param after the activity, by type and by how often it was completed
 * @param tasksLater how many workflow tasks after that one; 0 decides the completion itself anew
 */
export async function resetRun(
  sandbox: SandboxProduction,
  recovery: Recovery,
  after: { readonly activityType: string; readonly nth: number },
  tasksLater = 0,
): Promise<Recovery> {
  const { client } = sandbox.temporal.environment;
  const { events } = await recovery.handle.fetchHistory();
  const history = events ?? [];
  const tasks = history
    .slice(completionOf(history, after.activityType, after.nth))
    .filter((event) => event.workflowTaskCompletedEventAttributes != null);
  const task = tasks[tasksLater];
  if (task?.eventId == null) throw new Error('There is no such workflow task.');
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: recovery.workflowId, runId: recovery.runId },
    workflowTaskFinishEventId: task.eventId,
    reason: 'a test resets the run',
    requestId: randomUUID(),
  });
  return recovery.inRun(runId);
}
