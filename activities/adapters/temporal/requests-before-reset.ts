import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** The one activity that can rewind production. */
const sendActivity = 'sendRestoreRequest';

/** What proves that a request changed nothing. */
const harmless = z.object({ kind: z.enum(['refused', 'not-sent']) });

/**
 * Looks whether a run that this one was reset from had sent a restore request after the point of the reset: this run's
 * own history, which ends there, does not know.
 *
 * @returns the run that sent one, undefined when none did
 */
export async function requestBeforeReset(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<string | undefined> {
  let history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  for (;;) {
    const reset = resetOf(history);
    if (reset === undefined) return undefined;
    history = await client.workflow.getHandle(workflowId, reset.baseRunId).fetchHistory();
    if (sentAfter(history, reset.eventId)) return reset.baseRunId;
  }
}

function resetOf({ events }: History): { baseRunId: string; eventId: number } | undefined {
  for (const event of events ?? []) {
    const baseRunId = event.workflowTaskFailedEventAttributes?.baseRunId;
    if (baseRunId) return { baseRunId, eventId: Number(event.eventId) };
  }
  return undefined;
}

function sentAfter({ events = [] }: { events?: History['events'] }, forkEventId: number): boolean {
  return (events ?? []).some((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name !== sendActivity || Number(event.eventId) < forkEventId) return false;
    return !(events ?? []).some((later) => {
      const completed = later.activityTaskCompletedEventAttributes;
      if (completed == null || Number(completed.scheduledEventId) !== Number(event.eventId)) return false;
      const [payload] = completed.result?.payloads ?? [];
      return payload != null && harmless.safeParse(defaultPayloadConverter.fromPayload(payload)).success;
    });
  });
}
