import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { searchAttributes } from '../../../workflows/contracts/names.ts';

/** A run as Temporal describes it, the newest where none is named; null where there is none. */
export async function describeRun(
  { workflow }: Client,
  workflowId: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Whether a run is not over; one that somebody paused in Temporal is not. */
export function goesOn({ status }: Pick<WorkflowExecutionDescription, 'status'>): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}

/** Runs of these workflow types that Temporal's index lists as running in an environment. */
export function listRunning(
  { workflow }: Client,
  environment: string,
  types: readonly string[],
): AsyncIterable<WorkflowExecutionInfo> {
  const query = [
    `${searchAttributes.environment.name} = "${environment}"`,
    `WorkflowType IN (${types.map((type) => `"${type}"`).join(', ')})`,
    'ExecutionStatus = "Running"',
  ].join(' AND ');
  return workflow.list({ query });
}
