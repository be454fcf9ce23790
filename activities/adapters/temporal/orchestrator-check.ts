import { searchAttributes, taskQueue } from '../../../workflows/contracts/names.ts';
import type { OrchestratorCheck } from '../../ports.ts';
import type { TemporalAccess } from './access.ts';

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API: a worker asks for workflow tasks as for activities. */
const workflowTasks = 1;

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
  };
}
