import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { standBackSignal } from '../contracts/messages.ts';
import { searchAttributes } from '../contracts/names.ts';
import type {
  OperationCheck,
  OperationInput,
  OperationName,
  OperationRecord,
} from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { type ExplainedFailure, explainFailure } from '../runbook/failure.ts';
import { raiseAlert, withdrawAlert } from './alert.ts';

/** What an operation found when it was done. */
export interface OperationResult {
  readonly summary: string;
  readonly checks: readonly OperationCheck[];
}

/** An operation as a declaration: what it does, and what its failure means. */
export interface Operation<Input extends OperationInput> {
  readonly name: OperationName;
  readonly title: string;
  /** What it means for the recovery point objective when this fails, one sentence. */
  readonly failureMeans: string;
  /** Words after `npx dr` that do it again by hand. */
  readonly retryCommand: string;
  readonly work: (input: Input, policy: Policy) => Promise<OperationResult>;
}

/**
 * Runs an operation: stands back for a recovery, does the work, leaves a record, and alerts once per incident.
 *
 * @returns the record when it succeeded or stood back
 * @throws ApplicationFailure of type `operation-failed` with the record as its detail, so that a failed operation is
 *   seen as failed; `CancelledFailure` when it was cancelled
 */
export async function runOperation<Input extends OperationInput>(
  operation: Operation<Input>,
  input: Input,
): Promise<OperationRecord> {
  const startedAt = new Date().toISOString();
  upsertSearchAttributes([
    { key: searchAttributes.environment, value: input.environment },
    { key: searchAttributes.scenario, value: operation.name },
  ]);
  const work = new CancellationScope();
  let standingBack = false;
  setHandler(standBackSignal, () => {
    standingBack = true;
    work.cancel();
  });
  const policy = await activities.governance.admit({ environment: input.environment, startedBy: null });
  if (await activities.coordination.recoveryRunning({ environment: input.environment })) {
    return leaveRecord(operation, input, startedAt, { outcome: 'stood-back', ...stoodBack });
  }

  let result: OperationResult;
  try {
    result = await work.run(() => operation.work(input, policy));
  } catch (error) {
    if (isCancellation(error) && standingBack) {
      return leaveRecord(operation, input, startedAt, { outcome: 'stood-back', ...stoodBack });
    }
    if (error instanceof CancelledFailure) throw error;
    return fail(
      operation,
      input,
      startedAt,
      policy,
      { summary: 'failed', checks: [] },
      explainFailure(error),
    );
  }
  const failed = result.checks.filter((item) => !item.passed);
  if (failed.length > 0) {
    return fail(operation, input, startedAt, policy, result, {
      type: 'checks-failed',
      happened: failed
        .map((item) => `${item.name}: found ${item.found}, expected ${item.expected}`)
        .join('; '),
      meaning: operation.failureMeans,
      next: `Mend what is named, then: npx dr ${operation.retryCommand}`,
    });
  }
  const record = await leaveRecord(operation, input, startedAt, {
    outcome: 'succeeded',
    summary: result.summary,
    checks: result.checks,
    failure: null,
  });
  await withdrawAlert(operation, input.environment, policy);
  return record;
}

const stoodBack = {
  summary: 'a recovery has the environment; nothing was done',
  checks: [],
  failure: null,
} as const;

async function fail<Input extends OperationInput>(
  operation: Operation<Input>,
  input: Input,
  startedAt: string,
  policy: Policy,
  { summary, checks }: OperationResult,
  failure: ExplainedFailure,
): Promise<never> {
  const record = await leaveRecord(operation, input, startedAt, {
    outcome: 'failed',
    summary,
    checks,
    failure,
  });
  await raiseAlert(operation, record, failure, policy);
  throw ApplicationFailure.create({
    type: 'operation-failed',
    message: `${operation.title}: ${failure.happened}`,
    nonRetryable: true,
    details: [record],
  });
}

async function leaveRecord<Input extends OperationInput>(
  operation: Operation<Input>,
  input: Input,
  startedAt: string,
  end: Pick<OperationRecord, 'outcome' | 'summary' | 'checks' | 'failure'>,
): Promise<OperationRecord> {
  const { workflowId, runId } = workflowInfo();
  const record: OperationRecord = {
    formatVersion: 1,
    operation: operation.name,
    environment: input.environment,
    workflowId,
    runId,
    startedBy: input.startedBy,
    startedAt,
    finishedAt: new Date().toISOString(),
    ...end,
  };
  // A store that is gone must not hide what happened: the record is the workflow's result as well.
  await activities.alerting.putOperationRecord(record).catch(() => undefined);
  return record;
}
