import type { Client } from '@temporalio/client';
import {
  answerSignals,
  reportQuery,
  statusQuery,
  undoFactsQuery,
} from '../../../workflows/contracts/messages.ts';
import { recoveryWorkflowId, scenarioWorkflows } from '../../../workflows/contracts/names.ts';
import { operationWorkflows } from '../../../workflows/contracts/operations.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import type { RecoveryDesk, SeenRecovery } from '../../ports.ts';
import type { TemporalAccess } from './access.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { describeRun, goesOn, listRunning } from './find-runs.ts';

type RecoveryWorkflow = () => Promise<RecoveryReport>;

/** How long a worker may take to answer a query, ms. */
const queryMs = 5_000;

/** The {@link RecoveryDesk} in Temporal. */
export function createRecoveryDesk(access: TemporalAccess): RecoveryDesk {
  return {
    async newest(environment) {
      requireEnvironmentName(environment);
      return access.reach('looking for a recovery', async (client) => {
        const run = await describeRun(client, recoveryWorkflowId(environment));
        if (run === null) return null;
        const { workflowId, runId, startTime } = run;
        return { workflowId, runId, startedAt: startTime.toISOString() };
      });
    },

    async recoveriesOf(environment, scenario) {
      requireEnvironmentName(environment);
      return access.reach('listing recoveries', async (client) => {
        const found: { workflowId: string; runId: string; startedAt: string }[] = [];
        const query = `WorkflowId = "${recoveryWorkflowId(environment)}" AND WorkflowType = "${scenarioWorkflows[scenario]}"`;
        for await (const { workflowId, runId, startTime } of client.workflow.list({ query })) {
          found.push({ workflowId, runId, startedAt: startTime.toISOString() });
        }
        return found.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
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
      return access.reach('listing drills', async (client) => {
        const found: { workflowId: string; runId: string; startedMs: number }[] = [];
        const running = listRunning(client, environment, [operationWorkflows.drill]);
        for await (const { workflowId, runId, startTime } of running) {
          found.push({ workflowId, runId, startedMs: startTime.getTime() });
        }
        return found
          .sort((a, b) => a.startedMs - b.startedMs || a.runId.localeCompare(b.runId))
          .map(({ workflowId, runId }) => ({ workflowId, runId }));
      });
    },

    isRunning: (workflowId, runId) =>
      access.reach('looking at a run', async (client) => {
        const run = await describeRun(client, workflowId, runId);
        return run !== null && goesOn(run);
      }),
  };
}

async function seen(client: Client, workflowId: string, runId: string): Promise<SeenRecovery> {
  const handle = client.workflow.getHandle<RecoveryWorkflow>(workflowId, runId);
  const run = await handle.describe();
  const { status } = run;
  if (status.name === 'CONTINUED_AS_NEW') {
    const next = await client.workflow.getHandle(workflowId).describe();
    return seen(client, workflowId, next.runId);
  }
  const answered = async <T>(ask: () => Promise<T>): Promise<T | null> =>
    client.connection.withDeadline(Date.now() + queryMs, ask).catch(() => null);
  if (goesOn(run)) {
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
