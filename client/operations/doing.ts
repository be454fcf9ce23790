import type { WorkflowExecutionDescription } from '@temporalio/client';

/** What a run is doing now, in words: its activities, how often each was tried, and why not for the last time. */
export function doing({ raw }: WorkflowExecutionDescription): string {
  const activities = (raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => {
    const name = (activityType?.name ?? 'activity').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    const tried = attempt ?? 1;
    return tried > 1 ? `${name}, attempt ${tried}: ${firstLine(lastFailure?.message ?? 'unknown')}` : name;
  });
  return activities.join('; ');
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
