import { monitorQuery, monitorWorkflowId } from '../../../workflows/contracts/monitor.ts';
import { searchAttributes, taskQueue } from '../../../workflows/contracts/names.ts';
import type { OrchestratorCheck } from '../../ports.ts';
import type { TemporalAccess } from './access.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { describeRun } from './find-runs.ts';

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API: a worker asks for workflow tasks as for activities. */
const workflowTasks = 1;
/** How long a worker may take to answer a query, ms. */
const queryMs = 5_000;

/** Reads how Temporal stands: what is registered, and who polls. */
export function createOrchestratorCheck(access: TemporalAccess): OrchestratorCheck {
  return {
    readFacts: () =>
      access.reach('looking at search attributes and workers', async ({ connection, options }) => {
        const { namespace } = options;
        const [attributes, queue] = await Promise.all([
          connection.operatorService.listSearchAttributes({ namespace }),
          connection.workflowService.describeTaskQueue({
            namespace,
            taskQueue: { name: taskQueue },
            taskQueueType: workflowTasks,
          }),
        ]);
        const registered = Object.keys(attributes.customAttributes ?? {});
        const wanted = Object.values(searchAttributes).map(({ name }) => name);
        return {
          missingSearchAttributes: wanted.filter((name) => !registered.includes(name)),
          workers: new Set((queue.pollers ?? []).map(({ identity }) => identity)).size,
        };
      }),

    async readMonitor(environment) {
      requireEnvironmentName(environment);
      return access.reach('asking the monitor', async (client) => {
        const { workflow, connection } = client;
        const workflowId = monitorWorkflowId(environment);
        if ((await describeRun(client, workflowId))?.status.name !== 'RUNNING') return null;
        const handle = workflow.getHandle(workflowId);
        const status = await connection.withDeadline(Date.now() + queryMs, () => handle.query(monitorQuery));
        const { since, lookedAt, trouble, silence, open } = status;
        return { since, lookedAt, trouble, silence, incident: open?.incident ?? null };
      });
    },
  };
}
