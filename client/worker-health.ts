import type { WorkflowClient, WorkflowExecutionDescription } from '@temporalio/client';
import { taskQueue } from '../workflows/contracts/names.ts';

/** How long a question about workers may take, in ms. */
const lookUpMs = 5000;

/** `temporal.api.enums.v1.TaskQueueType` of Temporal's API. */
const queueTypes = { workflow: 1, activity: 2 } as const;

/** Workers that asked for work lately. Temporal keeps a dead one listed for minutes, so only 0 proves anything. */
export interface Pollers {
  readonly workflow: number;
  readonly activity: number;
}

/** Counts who polls the task queue of the runbooks. */
export async function readPollers(client: WorkflowClient): Promise<Pollers> {
  const count = async (taskQueueType: 1 | 2) => {
    const answer = await client.withDeadline(Date.now() + lookUpMs, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType,
      }),
    );
    return answer.pollers?.length ?? 0;
  };
  const [workflow, activity] = await Promise.all([count(queueTypes.workflow), count(queueTypes.activity)]);
  return { workflow, activity };
}

/** Why nothing moves although Temporal calls a run "running", and what to do about it. */
export interface WorkerTrouble {
  readonly kind: 'no-worker' | 'workflow-task-failing';
  readonly happened: string;
  readonly next: string;
}

/** Says which workers are missing; null when both kinds poll. */
export function missingWorkers({ workflow, activity }: Pollers): WorkerTrouble | null {
  if (workflow > 0 && activity > 0) return null;
  const missing =
    workflow === 0 && activity === 0
      ? `No worker polls the task queue ${taskQueue}`
      : `No worker polls the task queue ${taskQueue} for ${workflow === 0 ? 'workflows' : 'activities'}`;
  return {
    kind: 'no-worker',
    happened: `${missing}: nothing moves until one does.`,
    next: 'Start a worker: npm run worker',
  };
}

/**
 * Tells whether a run stands still because its own code fails. Temporal writes only the first failed attempt of a
 * workflow task to the history; later ones count up. A task that timed out says nothing about the code.
 */
export async function failingWorkflowTask(
  client: WorkflowClient,
  description: WorkflowExecutionDescription,
): Promise<WorkerTrouble | null> {
  const attempt = description.raw.pendingWorkflowTask?.attempt ?? 0;
  if (attempt <= 1) return null;
  const history = await client.withDeadline(Date.now() + lookUpMs, () =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId: description.workflowId, runId: description.runId },
      maximumPageSize: 50,
    }),
  );
  const events = history.history?.events ?? [];
  const last = events.find(
    (event) =>
      event.workflowTaskFailedEventAttributes != null ||
      event.workflowTaskCompletedEventAttributes != null ||
      event.workflowTaskTimedOutEventAttributes != null,
  );
  const failed = last?.workflowTaskFailedEventAttributes;
  if (failed == null) return null;
  const message = firstLine(failed.failure?.message ?? 'unknown');
  return {
    kind: 'workflow-task-failing',
    happened: `The worker fails at the workflow's own code, attempt ${attempt}: ${message}`,
    next: 'Correct the worker (its log says more) and start it again: the run goes on where it stands.',
  };
}

/** That nobody answers although Temporal still lists a worker, which may have died a moment ago. */
export const silentWorker: WorkerTrouble = {
  kind: 'no-worker',
  happened: 'No worker answers, although one polled in the last minutes: it may have died.',
  next: 'Look at the worker and its log; start one: npm run worker',
};

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** How long the first task of a new run waits, in ms, before its worker counts as dead. */
const pickUpMs = 5000;

/** Whether a task of a run has waited too long for a worker to take it. */
export function isLeftLying(description: WorkflowExecutionDescription, waitedMs: number): boolean {
  const task = description.raw.pendingWorkflowTask;
  const scheduled = 1;
  return task?.state === scheduled && waitedMs > pickUpMs;
}
