import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import {
  alertWorkflow,
  alertWorkflowId,
  failedSignal,
  type OperationFailed,
  recoveredSignal,
} from '../contracts/alerts.ts';
import { searchAttributes } from '../contracts/names.ts';
import type { OperationIncident, OperationKind } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';

/**
 * Notes that an operation fails, and has it told. Neither waits for the other, and nothing here waits for a mail: the
 * alert is a run of its own, which outlives the operation.
 */
export async function openIncident(failed: OperationFailed): Promise<void> {
  await Promise.all([noteFailure(failed), raiseAlert(failed)]);
}

/** Notes that an operation succeeds again, and has it told if a failure was. Never throws. */
export async function closeIncident(kind: OperationKind, at: string): Promise<void> {
  const incident = await readIncident(kind);
  const withdraw = getExternalWorkflowHandle(alertWorkflowId(kind)).signal(recoveredSignal, { at, incident });
  // Where no alert runs, nothing was told that could be taken back.
  await withdraw.catch(() => undefined);
  // What cannot be removed now is removed by the next success.
  if (incident !== null) await activities.alerting.clearIncident(kind).catch(() => undefined);
}

async function noteFailure({ kind, failedAt, happened }: OperationFailed): Promise<void> {
  const open = await readIncident(kind);
  await activities.alerting
    .writeIncident({
      ...kind,
      since: open?.since ?? failedAt,
      failures: (open?.failures ?? 0) + 1,
      lastFailure: happened,
    })
    // The alert tells of it also without the store.
    .catch(() => undefined);
}

async function readIncident(kind: OperationKind): Promise<OperationIncident | null> {
  return activities.alerting.readIncident(kind).catch(() => null);
}

/** One that ends between the two calls is started anew; one that runs decides whether there is something new to tell. */
async function raiseAlert(failed: OperationFailed): Promise<void> {
  const { kind } = failed;
  const workflowId = alertWorkflowId(kind);
  for (;;) {
    try {
      await startChild(alertWorkflow, {
        workflowId,
        args: [failed],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        typedSearchAttributes: [
          { key: searchAttributes.environment, value: kind.environment },
          { key: searchAttributes.scenario, value: alertWorkflow },
        ],
        staticSummary: `${failed.title} fails in ${kind.environment}: told by mail and webhook`,
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const known = await getExternalWorkflowHandle(workflowId)
      .signal(failedSignal, failed)
      .then(
        () => true,
        () => false,
      );
    if (known) return;
  }
}
