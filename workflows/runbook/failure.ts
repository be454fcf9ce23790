import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { OpenDecision } from '../contracts/decisions.ts';
import type { FailureExplanation } from '../contracts/errors.ts';

/** A failure as the status shows it. */
export type ExplainedFailure = FailureExplanation & { readonly type: string };

/**
 * Turns whatever a step threw into three sentences for a person. Failures of the project's own types carry theirs;
 * timeouts are explained here; anything else is named by its message.
 */
export function explainFailure(error: unknown): ExplainedFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const activity = error instanceof ActivityFailure ? error.activityType : 'the step';
  if (cause instanceof ApplicationFailure) {
    const [first] = cause.details ?? [];
    if (isExplanation(first)) {
      const { happened, meaning, next } = first;
      return { type: cause.type ?? 'internal-error', happened, meaning, next };
    }
    return unexplained(cause.type ?? 'internal-error', `${activity}: ${cause.message}`);
  }
  if (cause instanceof TimeoutFailure) {
    return {
      type: 'step-timeout',
      happened: `${activity} did not finish in time (${cause.timeoutType}).`,
      meaning: 'It may or may not have taken effect; every activity reads the state before it changes it.',
      next: 'Look whether a worker is running, then retry.',
    };
  }
  return unexplained('internal-error', error instanceof Error ? error.message : String(error));
}

/** The three sentences as a question shows them. */
export function failureFacts({ happened, meaning, next }: FailureExplanation): OpenDecision['facts'] {
  return [
    { label: 'What happened', value: happened },
    { label: 'What it means', value: meaning },
    { label: 'What to do', value: next },
  ];
}

function unexplained(type: string, happened: string): ExplainedFailure {
  return {
    type,
    happened,
    meaning: 'The step is not done.',
    next: 'Read the activity in the Web UI, then retry, or abort to the safe state.',
  };
}

function isExplanation(value: unknown): value is FailureExplanation {
  return (
    typeof value === 'object' &&
    value !== null &&
    'happened' in value &&
    'meaning' in value &&
    'next' in value &&
    typeof value.happened === 'string' &&
    typeof value.meaning === 'string' &&
    typeof value.next === 'string'
  );
}

/**
 * A failure raised by a runbook itself, of the project's own types; never retried by Temporal.
 *
 * @param facts what a person should know besides, such as other roads
 */
export function runbookFailure(
  type: string,
  explanation: FailureExplanation,
  facts: OpenDecision['facts'] = [],
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: `${explanation.happened} ${explanation.meaning} ${explanation.next}`,
    details: facts.length === 0 ? [explanation] : [explanation, facts],
    nonRetryable: true,
  });
}
