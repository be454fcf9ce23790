import { ApplicationFailure, type WorkflowFailedError } from '@temporalio/client';
import { z } from 'zod';
import {
  type OperationName,
  type OperationRecord,
  operationWorkflows,
} from '../../workflows/contracts/operations.ts';

const recordSchema: z.ZodType<OperationRecord> = z.object({
  formatVersion: z.literal(1),
  operation: z.custom<OperationName>(
    (name) => typeof name === 'string' && Object.hasOwn(operationWorkflows, name),
  ),
  environment: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  startedBy: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'stood-back']),
  summary: z.string(),
  checks: z.array(
    z.object({ name: z.string(), passed: z.boolean(), found: z.string(), expected: z.string() }),
  ),
  failure: z
    .object({ type: z.string(), happened: z.string(), meaning: z.string(), next: z.string() })
    .nullable(),
});

/** The record that a failed operation leaves in its failure; null where it ended in another way. */
export function recordOfFailure({ cause }: WorkflowFailedError): OperationRecord | null {
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'operation-failed') return null;
  return recordSchema.safeParse(cause.details?.[0]).data ?? null;
}
