import { defineSignal } from '@temporalio/workflow';
import type { OperationIncident, OperationKind } from './operations.ts';

/** A failure of an operation, as it is told. Times RFC 3339, UTC. Holds no secret. */
export interface OperationFailed {
  readonly kind: OperationKind;
  /** The operation's name for people. */
  readonly title: string;
  readonly failedAt: string;
  /** It did not fail: it was not done in time. Words after `npx dr` that do it, or say what is asked. */
  readonly overdue?: { readonly command: string };
  readonly happened: string;
  /** What it means for the recovery point objective. */
  readonly meaning: string;
  readonly workflowId: string;
  readonly runId: string;
  /** Whom it is told, and under which subjects; by the policy of that run. */
  readonly address: string;
  readonly failureSubject: string;
  readonly recoverySubject: string;
}

/** That an operation which had failed succeeds again. */
export interface OperationRecovered {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** The incident that this ends, as it is stored; null when it could not be read. */
  readonly incident: OperationIncident | null;
}

/** Workflow type of an alert; input {@link OperationFailed}, result {@link AlertReport}. */
export const alertWorkflow = 'alert';

/** Workflow id of the alert of one kind of operation: one runs as long as an incident is open, so each is told once. */
export function alertWorkflowId({ environment, operation, tier }: OperationKind): string {
  return `alert-${operation}${tier === null ? '' : `-${tier}`}-${environment}`;
}

/** Tells a running alert that the operation failed (again). */
export const failedSignal = defineSignal<[OperationFailed]>('operationFailed');

/** Tells a running alert that the operation succeeded. */
export const recoveredSignal = defineSignal<[OperationRecovered]>('operationRecovered');

/** What became of everything that an alert had to tell. */
export interface AlertReport {
  readonly told: readonly {
    readonly subject: string;
    /** RFC 3339, UTC, by road; null for a road that did not take it. */
    readonly mailedAt: string | null;
    readonly postedAt: string | null;
  }[];
}
