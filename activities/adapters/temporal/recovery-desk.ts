import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import {
  answerSignals,
  reportQuery,
  statusQuery,
  undoFactsQuery,
} from '../../../workflows/contracts/messages.ts';
import { recoveryWorkflowId, searchAttributes } from '../../../workflows/contracts/names.ts';
import { operationWorkflows } from '../../../workflows/contracts/operations.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import type { RecoveryDesk, SeenRecovery } from '../../ports.ts';
import type { TemporalAccess } from './access.ts';
import { requireEnvironmentName } from './environment-name.ts';

type RecoveryWorkflow = () => Promise<RecoveryReport>;

/** How long a worker may take to answer a query, ms. */
const queryMs = 5_000;

/** The {@link RecoveryDesk} in Temporal. */
export function createRecoveryDesk(access: TemporalAccess): RecoveryDesk {
  return {
    async newest(environment) {
      requireEnvironmentName(environment);
      return access.reach('looking for a recovery', async ({ workflow }) => {
        try {
          const run = await workflow.getHandle(recoveryWorkflowId(environment)).describe();
          const { workflowId, runId, startTime } = run;
          return { workflowId, runId, startedAt: startTime.toISOString() };
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        }
      });
    },

    look: (workflowId, runId) =>
      access.reach('looking at a recovery', (client) => seen(client, workflowId, runId)),

    answer: (workflowId, runId, kind, answer) =>
      access.reach('answering a recovery', ({ workflow }) =>
        workflow.getHandle(workflowId, runId).signal(answerSignals[kind], answer),
      ),

    async drillsOf(environment) {
      requireEnvironmentName(environment);
      const query = [
        `${searchAttributes.environment.name} = "${environment}"`,
        `WorkflowType = "${operationWorkflows.drill}"`,
        'ExecutionStatus = "Running"',
      ].join(' AND ');
      return access.reach('listing drills', async ({ workflow }) => {
        const found: { workflowId: string; runId: string; startedMs: number }[] = [];
        for await (const { workflowId, runId, startTime } of workflow.list({ query })) {
          found.push({ workflowId, runId, startedMs: startTime.getTime() });
        }
        return found
          .sort((a, b) => a.startedMs - b.startedMs || a.runId.localeCompare(b.runId))
          .map(({ workflowId, runId }) => ({ workflowId, runId }));
      });
    },

    isRunning: (workflowId, runId) =>
      access.reach('looking at a run', async ({ workflow }) => {
        try {
          const { status } = await workflow.getHandle(workflowId, runId).describe();
          return status.name === 'RUNNING' || status.name === 'PAUSED';
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        }
      }),
  };
}

async function seen(client: Client, workflowId: string, runId: string): Promise<SeenRecovery> {
  const handle = client.workflow.getHandle<RecoveryWorkflow>(workflowId, runId);
  const { status } = await handle.describe();
  if (status.name === 'CONTINUED_AS_NEW') {
    const next = await client.workflow.getHandle(workflowId).describe();
    return seen(client, workflowId, next.runId);
  }
  const answered = async <T>(ask: () => Promise<T>): Promise<T | null> =>
    client.connection.withDeadline(Date.now() + queryMs, ask).catch(() => null);
  if (status.name === 'RUNNING' || status.name === 'PAUSED') {
    return { state: 'running', runId, status: await answered(() => handle.query(statusQuery)) };
  }
  // Of a run that was terminated in the middle of its work no worker knows a report.
  const report =
    status.name === 'COMPLETED' ? await handle.result() : await answered(() => handle.query(reportQuery));
  const last = report?.status ?? (await answered(() => handle.query(statusQuery)));
  if (last === null || last.measures.length === 0) return { state: 'over', runId, report, left: null };
  const facts = (await answered(() => handle.query(undoFactsQuery))) ?? {};
  const { measures, destroyed } = last;
  return { state: 'over', runId, report, left: { measures, facts, destroyed } };
}
