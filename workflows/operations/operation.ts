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
import {
  attendedOperations,
  type BackupTier,
  besideRecoveries,
  commandFor,
  type OperationInput,
  type OperationKind,
  type OperationName,
  type OperationRecord,
  operationsToRead,
} from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { operationDocument } from '../runbook/documents/operation.ts';
import { type ExplainedFailure, explainFailure } from '../runbook/failure.ts';
import { uploadsBusy } from './holding-places.ts';
import { closeIncident, openIncident } from './incident.ts';

/** What an operation found when it was done. */
export interface OperationResult
  extends Pick<OperationRecord, 'summary' | 'checks' | 'details' | 'parts'>,
    Partial<Pick<OperationRecord, 'restores'>> {}

/** An operation as a declaration: what it does, and what its failure means. */
export interface Operation<Input extends OperationInput> {
  readonly name: OperationName;
  readonly tier?: BackupTier;
  readonly title: string;
  /** What it means for the recovery point objective when this fails, one sentence. */
  readonly failureMeans: string;
  /** Of the mails that tell of its failures; absent where they tell of backups. */
  readonly subjects?: { readonly failure: string; readonly recovery: string };
  readonly work: (input: Input, policy: Policy) => Promise<OperationResult>;
}

/**
 * Runs an operation: stands back for a recovery, or for another run that copies the same uploads, does the work, leaves a
 * record, and has each incident told once.
 *
 * @returns the record when it succeeded or stood back; an attended operation never stands back
 * @throws ApplicationFailure of type `operation-failed` with the record as its detail, so that a failed operation is
 *   seen as failed; `input-invalid` when an attended operation was refused; `CancelledFailure` when it was cancelled
 */
export async function runOperation<Input extends OperationInput>(
  operation: Operation<Input>,
  input: Input,
): Promise<OperationRecord> {
  const startedAt = new Date().toISOString();
  const { environment, startedBy } = input;
  const { name, tier = null } = operation;
  const kind: OperationKind = { environment, operation: name, tier };
  upsertSearchAttributes([
    { key: searchAttributes.environment, value: environment },
    { key: searchAttributes.scenario, value: name },
  ]);
  const work = new CancellationScope();
  const attended = attendedOperations.includes(name);
  const beside = besideRecoveries.includes(name);
  let standingBack = false;
  setHandler(standBackSignal, () => {
    if (beside) return;
    standingBack = true;
    work.cancel();
  });
  const policy = await activities.governance.admit({ environment, startedBy: null });
  const run = { operation, kind, policy, startedBy, startedAt };

  let result: OperationResult;
  try {
    if (!beside && (await activities.coordination.recoveryRunning({ environment }))) {
      return leaveRecord(run, stoodBack);
    }
    result = await work.run(() => operation.work(input, policy));
  } catch (error) {
    if (isCancellation(error) && standingBack) return leaveRecord(run, stoodBack);
    if (error instanceof CancelledFailure) throw error;
    const failure = explainFailure(error);
    if (failure.type === uploadsBusy) {
      return leaveRecord(run, { ...stoodBack, summary: 'nothing was done', failure });
    }
    if (beside && startedBy !== 'schedule' && failure.type === 'input-invalid') throw error;
    return fail(run, { summary: 'failed', checks: [] }, failure);
  }
  const failed = result.checks.filter(({ passed, advisory }) => !passed && advisory !== true);
  if (failed.length > 0) {
    return fail(run, result, {
      type: 'checks-failed',
      happened: failed
        .map((item) => `${item.name}: found ${item.found}, expected ${item.expected}`)
        .join('; '),
      meaning: operation.failureMeans,
      next: `Mend what is named, then: npx dr ${commandFor(kind)}`,
    });
  }
  const record = await leaveRecord(run, { outcome: 'succeeded', failure: null, ...result });
  if (!attended) await closeIncident(kind, record.finishedAt);
  return record;
}

/** One run of an operation. */
interface OperationRun {
  readonly operation: Pick<Operation<never>, 'title' | 'failureMeans' | 'subjects'>;
  readonly kind: OperationKind;
  readonly policy: Policy;
  readonly startedBy: string;
  readonly startedAt: string;
}

const stoodBack = {
  outcome: 'stood-back',
  summary: 'a recovery has the environment; nothing was done',
  checks: [],
  failure: null,
} as const;

async function fail(run: OperationRun, result: OperationResult, failure: ExplainedFailure): Promise<never> {
  const { operation, kind, policy } = run;
  const { alertAddress: address, alertSubject, recoverySubject } = policy.backups;
  const { failure: failureSubject, recovery } = operation.subjects ?? {
    failure: alertSubject,
    recovery: recoverySubject,
  };
  const record = recordOf(run, { outcome: 'failed', failure, ...result });
  const told = attendedOperations.includes(kind.operation)
    ? Promise.resolve()
    : openIncident({
        kind,
        title: operation.title,
        failedAt: record.finishedAt,
        happened: failure.happened,
        meaning: [...new Set([failure.meaning, operation.failureMeans])].join(' '),
        workflowId: record.workflowId,
        runId: record.runId,
        address,
        failureSubject,
        recoverySubject: recovery,
      });
  await Promise.all([store(record), told]);
  throw ApplicationFailure.create({
    type: 'operation-failed',
    message: `${operation.title}: ${failure.happened}`,
    nonRetryable: true,
    details: [record],
  });
}

type End = Pick<OperationRecord, 'outcome' | 'failure'> & OperationResult;

async function leaveRecord(run: OperationRun, end: End): Promise<OperationRecord> {
  const record = recordOf(run, end);
  await store(record);
  return record;
}

function recordOf({ kind, startedBy, startedAt }: OperationRun, end: End): OperationRecord {
  const { workflowId, runId } = workflowInfo();
  return {
    formatVersion: 1,
    ...kind,
    workflowId,
    runId,
    startedBy,
    startedAt,
    finishedAt: new Date().toISOString(),
    restores: [],
    ...end,
  };
}

/** A store that is gone must not hide what happened: the record is the workflow's result as well. */
async function store(record: OperationRecord): Promise<void> {
  const document = operationsToRead.includes(record.operation) ? operationDocument(record) : null;
  await activities.alerting.putOperationRecord(record, document).catch(() => undefined);
}
