import type { z } from 'zod';
import type { ApplicationPlatform, LogLine } from '../../ports.ts';
import type { RailwayAccess } from './access.ts';
import { execute } from './client.ts';
import { deployedCommit } from './deployed-commit.ts';
import { deploymentStatus } from './deployment-status.ts';
import { refused } from './failures.ts';
import type { RailwayOperation } from './operation.ts';
import { operations } from './operations.ts';
import { requestCounts, secondsOf } from './request-counts.ts';

// Far more than a recovery looks back; Railway lists in pages.
const deploymentsRead = 50;

// Railway computes these for each deployment; set by hand they would hide the true ones.
const providedByRailway = 'RAILWAY_';

/** Railway as the {@link ApplicationPlatform} of one service in one environment. Opens no connection until used. */
export function createRailwayPlatform(access: RailwayAccess): ApplicationPlatform {
  const { projectId, environmentId, serviceId } = access;
  const service = { projectId, environmentId, serviceId };

  // These mutations answer a bare Boolean; false is a refusal without a reason.
  const order = async (wanted: RailwayOperation<{ readonly id: string }, boolean>, id: string) => {
    const taken = await execute(access, wanted, { id });
    if (!taken) throw refused(wanted.purpose, 'it gave no reason');
  };

  const readVariables = async (unrendered: boolean) => {
    const { variables } = await execute(access, operations.variables, { ...service, unrendered });
    return Object.entries(variables).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
  };

  return {
    deployments: async () => {
      const { deployments } = await execute(access, operations.deployments, {
        input: service,
        first: deploymentsRead,
      });
      return deployments.edges
        .map(({ node }) => ({
          id: node.id,
          status: deploymentStatus(node.status, node.deploymentStopped),
          rawStatus: node.deploymentStopped ? `${node.status} (stopped)` : node.status,
          createdAt: new Date(node.createdAt).toISOString(),
          statusChangedAt: node.statusUpdatedAt ? new Date(node.statusUpdatedAt).toISOString() : null,
          canRollback: node.canRollback,
          canRedeploy: node.canRedeploy,
          commit: deployedCommit(node.meta ?? null),
        }))
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    autoDeploy: async () => {
      const { serviceInstanceAutoDeployStatus: status } = await execute(
        access,
        operations.autoDeployStatus,
        service,
      );
      return { enabled: status.enabled, canEnable: status.canEnable, reason: status.reason ?? null };
    },
    setAutoDeploy: async (enabled) => {
      await execute(access, operations.autoDeployUpdate, { input: { ...service, enabled } });
    },
    cancelDeployment: (id) => order(operations.cancel, id),
    stopDeployment: (id) => order(operations.stop, id),
    restartDeployment: (id) => order(operations.restart, id),
    rollbackTo: (id) => order(operations.rollback, id),
    redeploy: async (id) => {
      const { deploymentRedeploy } = await execute(access, operations.redeploy, { id });
      return deploymentRedeploy.id;
    },
    logs: async (deploymentId, limit) =>
      logLines(await execute(access, operations.logs, { deploymentId, limit })),
    buildLogs: async (deploymentId, limit) =>
      logLines(await execute(access, operations.buildLogs, { deploymentId, limit })),
    requestsByStatus: async (from, to) => {
      const { startDate, endDate, stepSeconds } = secondsOf(from, to);
      const variables = { environmentId, serviceId, startDate, endDate, stepSeconds };
      return requestCounts(await execute(access, operations.requestsByStatus, variables), startDate);
    },
    variable: async (wanted) => (await readVariables(false)).find(([name]) => name === wanted)?.[1],
    variables: async () =>
      Object.fromEntries((await readVariables(true)).filter(([name]) => !name.startsWith(providedByRailway))),
    setVariables: async (variables) => {
      const { setVariables } = operations;
      const input = { ...service, variables, skipDeploys: true, replace: false } as const;
      if (!(await execute(access, setVariables, { input }))) {
        throw refused(setVariables.purpose, 'it gave no reason');
      }
    },
  };
}

function logLines(entries: z.infer<typeof operations.logs.answer>): readonly LogLine[] {
  return entries
    .map(({ timestamp, severity, message, attributes }) => ({
      at: new Date(timestamp).toISOString(),
      severity: severity ?? 'info',
      message: [message, ...attributes.map(({ key, value }) => `${key}=${value}`)].join(' '),
    }))
    .sort((a, b) => a.at.localeCompare(b.at));
}
