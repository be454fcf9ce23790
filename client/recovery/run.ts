import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { z } from 'zod';
import { statusQuery } from '../../workflows/contracts/messages.ts';
import { recoveryWorkflowId, searchAttributes } from '../../workflows/contracts/names.ts';
import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { RecoveryStatus } from '../../workflows/contracts/status.ts';
import type { TemporalAccess } from '../connection.ts';

/** A handle of a recovery of any scenario. */
export type RecoveryHandle = WorkflowHandle<() => Promise<RecoveryReport>>;

/** One run of an environment's recovery as Temporal knows it, with or without a worker. */
export interface RecoveryRun {
  readonly handle: RecoveryHandle;
  readonly description: WorkflowExecutionDescription;
  readonly closed: boolean;
}

/** How long a query may take, in ms. */
const queryMs = 5000;

/** How long Temporal may take to describe a run, in ms. */
const describeMs = 5000;

const memoSchema = z.object({ startedBy: z.string().optional(), reason: z.string().optional() });

/**
 * Finds a run of an environment's recovery.
 *
 * @param runId which one; without it the newest
 * @returns null when there is none
 */
export async function findRun(
  access: TemporalAccess,
  environment: string,
  runId?: string,
): Promise<RecoveryRun | null> {
  const workflowId = recoveryWorkflowId(environment);
  try {
    const description = await describe(
      access.client.workflow.getHandle<() => Promise<RecoveryReport>>(workflowId, runId),
    );
    return {
      handle: access.client.workflow.getHandle<() => Promise<RecoveryReport>>(workflowId, description.runId),
      description,
      closed: isClosed(description),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Asks Temporal, not the run, how it stands. */
export function describe(handle: RecoveryHandle): Promise<WorkflowExecutionDescription> {
  return handle.client.withDeadline(Date.now() + describeMs, () => handle.describe());
}

/** Whether a run has ended, in whatever way. */
export function isClosed(description: WorkflowExecutionDescription): boolean {
  return !['RUNNING', 'PAUSED'].includes(description.status.name);
}

/** What a run says of itself, or why it does not. */
export type StatusAnswer = { readonly status: RecoveryStatus } | { readonly problem: string };

/**
 * Asks a run how it stands; a completed run's result is read instead, which needs no worker.
 *
 * @param withinMs how long to wait for a worker's answer
 */
export async function readStatus(run: RecoveryRun, withinMs: number = queryMs): Promise<StatusAnswer> {
  try {
    if (run.description.status.name === 'COMPLETED') {
      return { status: (await readReport(run.handle)).status };
    }
    return { status: await queryStatus(run.handle, withinMs) };
  } catch (error) {
    return { problem: whyNoAnswer(error, withinMs) };
  }
}

/** Reads the result of a completed run, which needs no worker; throws what Temporal's client throws. */
export function readReport(handle: RecoveryHandle): Promise<RecoveryReport> {
  return handle.client.withDeadline(Date.now() + describeMs, () => handle.result());
}

/** Asks a run how it stands, bounded in time; throws what Temporal's client throws. */
export function queryStatus(handle: RecoveryHandle, withinMs: number = queryMs): Promise<RecoveryStatus> {
  return handle.client.withDeadline(Date.now() + withinMs, () => handle.query(statusQuery));
}

/** Says in one sentence why a run did not answer a query. */
export function whyNoAnswer(error: unknown, withinMs: number): string {
  const cause = error instanceof ServiceError ? error.cause : error;
  if (isGrpcDeadlineError(error) || isGrpcCancelledError(error)) {
    return `no worker answered within ${Math.round(withinMs / 1000)} s`;
  }
  if (isGrpcServiceError(cause)) return cause.details;
  return error instanceof Error ? error.message : 'unknown';
}

/** What is known of a run while no worker answers: from the start's memo and the search attributes. */
export function outlineOf(
  description: Pick<WorkflowExecutionDescription, 'memo' | 'type' | 'typedSearchAttributes'>,
): {
  readonly scenario: string;
  readonly phase: string;
  readonly startedBy: string;
} {
  const memo = memoSchema.safeParse(description.memo ?? {});
  return {
    scenario: description.typedSearchAttributes.get(searchAttributes.scenario) ?? description.type,
    phase: description.typedSearchAttributes.get(searchAttributes.phase) ?? 'unknown',
    startedBy: (memo.success ? memo.data.startedBy : undefined) ?? 'unknown',
  };
}
