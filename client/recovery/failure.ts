import { ApplicationFailure, TemporalFailure, WorkflowFailedError } from '@temporalio/client';
import { z } from 'zod';
import type { FailureExplanation } from '../../workflows/contracts/errors.ts';

const factsSchema = z.array(z.object({ label: z.string(), value: z.string() })).catch([]);
const explanationSchema = z.object({ happened: z.string(), meaning: z.string(), next: z.string() });

/** Why a run failed, in the words of the step that failed. */
export interface RunFailure {
  /** Type of the innermost `ApplicationFailure`; null when the run was ended in another way. */
  readonly type: string | null;
  readonly explanation: FailureExplanation;
  /** What a person should know besides, such as other roads. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/** Follows the causes of a failed run down to the failure that carries an explanation. */
export function explainFailure(error: unknown): RunFailure {
  let innermost: Error | undefined = error instanceof Error ? error : undefined;
  while (
    (innermost instanceof WorkflowFailedError || innermost instanceof TemporalFailure) &&
    innermost.cause !== undefined
  ) {
    innermost = innermost.cause;
  }
  if (innermost instanceof ApplicationFailure) {
    const detail = explanationSchema.safeParse(innermost.details?.[0]);
    return {
      type: innermost.type ?? null,
      explanation: detail.success ? detail.data : inWords(innermost.message),
      facts: factsSchema.parse(innermost.details?.[1] ?? []),
    };
  }
  return {
    type: null,
    explanation: inWords(innermost?.message ?? 'The run ended without a reason.'),
    facts: [],
  };
}

function inWords(message: string): FailureExplanation {
  return {
    happened: message,
    meaning: 'The run ended there.',
    next: 'Look at the run in the Web UI and at the log of the worker.',
  };
}
