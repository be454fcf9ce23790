import { ApplicationFailure, type WorkflowFailedError } from '@temporalio/client';
import { parseOperationRecord } from '../../worker/local/operation-record.ts';
import type { OperationRecord } from '../../workflows/contracts/operations.ts';

/** The record that a failed operation leaves in its failure; null where it ended in another way. */
export function recordOfFailure({ cause }: WorkflowFailedError): OperationRecord | null {
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'operation-failed') return null;
  return parseOperationRecord(cause.details?.[0]) ?? null;
}
