import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import {
  type MonitorInput,
  monitorWorkflow,
  monitorWorkflowId,
  orderSignal,
} from '../../../workflows/contracts/monitor.ts';
import { searchAttributes, taskQueue } from '../../../workflows/contracts/names.ts';
import type { MonitorOrders } from '../../ports.ts';
import type { TemporalAccess } from './access.ts';
import { requireEnvironmentName } from './environment-name.ts';

/** So often the monitor's own code may fail before another run takes its place. */
const failedAttempts = 3;
/** One run looks for five minutes, and waits for a look at all pages, which may take half an hour; ms. */
const longestRunMs = 60 * 60_000;

/** The {@link MonitorOrders} in Temporal. */
export function createMonitorOrders(access: TemporalAccess): MonitorOrders {
  return {
    async give(environment, order) {
      requireEnvironmentName(environment);
      await access.reach('handing an order to the monitor', ({ workflow }) =>
        workflow.signalWithStart<(input: MonitorInput) => Promise<void>, Parameters<typeof signalArgs>>(
          monitorWorkflow,
          {
            workflowId: monitorWorkflowId(environment),
            taskQueue,
            args: [{ environment }],
            signal: orderSignal,
            signalArgs: signalArgs(order),
            typedSearchAttributes: [
              { key: searchAttributes.environment, value: environment },
              { key: searchAttributes.scenario, value: monitorWorkflow },
            ],
          },
        ),
      );
    },

    async endStuck(environment) {
      requireEnvironmentName(environment);
      return access.reach('looking at the monitor', async ({ workflow }) => {
        const handle = workflow.getHandle(monitorWorkflowId(environment));
        try {
          const why = whyStuck(await handle.describe());
          if (why !== null) await handle.terminate(why);
          return why;
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        }
      });
    },
  };
}

function whyStuck({ status, startTime, raw }: WorkflowExecutionDescription): string | null {
  if (status.name !== 'RUNNING') return null;
  const attempt = raw.pendingWorkflowTask?.attempt ?? 0;
  if (attempt >= failedAttempts)
    return `its own code failed ${attempt} times, as after a change of the worker`;
  const ageMs = Date.now() - startTime.getTime();
  return ageMs > longestRunMs ? `it has not moved for ${Math.round(ageMs / 60_000)} minutes` : null;
}

function signalArgs(order: Parameters<MonitorOrders['give']>[1]): [typeof order] {
  return [order];
}
