import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { monitorWorkflow, monitorWorkflowId } from '../contracts/monitor.ts';
import { searchAttributes } from '../contracts/names.ts';
import type { OperationInput } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { monitor } from './monitor.ts';
import { startPage } from './page.ts';

/**
 * Starts the monitor of an environment where it does not run. One that runs and does not move gives way to another, and
 * people are told. Leaves no record.
 */
export async function keepMonitor({ environment }: OperationInput): Promise<void> {
  const stuck = await activities.coordination.endStuckMonitor({ environment });
  await startMonitor(environment);
  if (stuck === null) return;
  const { people, mail } = await activities.governance.admit({ environment, startedBy: null });
  await startPage(environment, `page-${workflowInfo().workflowId}`, {
    subject: `[${environment}] The monitor stood still and was started anew`,
    lines: [
      `Nobody looked after ${environment} for a while: ${stuck}.`,
      'What was open is followed on. If this is told again, look at the log of the worker.',
      `npx dr monitor --environment ${environment}`,
    ],
    recipients: [...new Set([...people.map(({ email }) => email), ...mail.team])],
  });
}

async function startMonitor(environment: string): Promise<void> {
  try {
    await startChild(monitor, {
      workflowId: monitorWorkflowId(environment),
      args: [{ environment }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: [
        { key: searchAttributes.environment, value: environment },
        { key: searchAttributes.scenario, value: monitorWorkflow },
      ],
      staticSummary: `looks after ${environment}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
