import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { bytes } from '../../workflows/runbook/format.ts';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

const progressSchema = z.object({ doing: z.string(), bytes: z.number().nonnegative() });

/** What a run is doing now, in words: its activities, how far each is, how often it was tried, and why it failed. */
export function doing({ raw }: WorkflowExecutionDescription): string {
  return (raw.pendingActivities ?? []).map(inWords).join('; ');
}

function inWords(activity: PendingActivity): string {
  const { activityType, lastFailure } = activity;
  const name = (activityType?.name ?? 'activity').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const attempt = activity.attempt ?? 1;
  const tried =
    attempt > 1 ? [`attempt ${attempt} after: ${firstLine(lastFailure?.message ?? 'unknown')}`] : [];
  return [name, ...progressOf(activity), ...tried].join(', ');
}

/** From the last heartbeat; nothing where it says nothing of this kind, or cannot be read here. */
function progressOf({ heartbeatDetails }: PendingActivity): string[] {
  const [payload] = heartbeatDetails?.payloads ?? [];
  if (payload === undefined) return [];
  try {
    const progress = progressSchema.safeParse(defaultPayloadConverter.fromPayload(payload)).data;
    if (progress === undefined) return [];
    return [progress.bytes === 0 ? progress.doing : `${progress.doing} ${bytes(progress.bytes)}`];
  } catch {
    return [];
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
