import { z } from 'zod';
import type { Faults } from '../http/faults.ts';
import type { RailwayStatus, SandboxDeployment } from './deployment.ts';
import type { LogEntry } from './log-entry.ts';
import { Refusal } from './refusal.ts';
import type { RequestCounts } from './request-counts.ts';
import type { SandboxService } from './service.ts';

/** Which project, environment and service the sandbox has. */
export interface RailwayIds {
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
}

/** Faults of the sandbox's own. */
export const railwaySwitches = {
  'auto-deploy-locked': 'auto-deploy can be switched off, but not on again',
  'deployment-stuck': 'new deployments stay DEPLOYING',
} as const;

const variableCollection = z.record(z.string(), z.string());
const mostLogs = 5_000;
const defaultLogs = 100;
const defaultStepSeconds = 60;
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What answers each field of the schema. Arguments have passed the schema's own types. */
export function createResolvers(input: {
  readonly service: SandboxService;
  readonly requests: RequestCounts;
  readonly ids: RailwayIds;
  readonly projectName: string;
  readonly faults: Faults;
}) {
  const { service, requests, ids, faults } = input;

  const requireIds = (given: Partial<RailwayIds>) => {
    const foreign = (['projectId', 'environmentId', 'serviceId'] as const).some(
      (key) => given[key] != null && given[key] !== ids[key],
    );
    if (foreign) throw new Refusal('Not Authorized');
  };

  const autoDeployStatus = () => {
    const canEnable = !faults.isOn('auto-deploy-locked');
    return {
      enabled: service.autoDeploy,
      canEnable,
      reason: canEnable ? null : 'The repository is not connected.',
    };
  };

  const deploymentFields = (deployment: SandboxDeployment) => ({
    ...ids,
    id: deployment.id,
    status: deployment.status,
    createdAt: deployment.createdAt.toISOString(),
    statusUpdatedAt: deployment.statusUpdatedAt.toISOString(),
    meta: {
      commitHash: deployment.commit.hash,
      commitMessage: deployment.commit.message,
      branch: deployment.commit.branch,
      repo: deployment.commit.repository,
    },
    canRollback: deployment.canRollback,
    canRedeploy: deployment.canRedeploy,
    deploymentStopped: deployment.deploymentStopped,
  });

  const order = (carryOut: () => void) => {
    carryOut();
    return true;
  };

  return {
    project: ({ id }: { id: string }) => {
      requireIds({ projectId: id });
      return { id, name: input.projectName };
    },
    deployment: ({ id }: { id: string }) => deploymentFields(service.find(id)),
    deployments: ({
      input: filter,
      first,
      after,
    }: {
      input: Partial<RailwayIds> & { status?: { in?: RailwayStatus[]; notIn?: RailwayStatus[] } };
      first?: number;
      after?: string;
    }) => {
      requireIds(filter);
      const { in: wanted, notIn: unwanted } = filter.status ?? {};
      const matching = service
        .deployments()
        .filter(({ status }) => (wanted?.includes(status) ?? true) && !(unwanted?.includes(status) ?? false));
      const start = after == null ? 0 : matching.findIndex(({ id }) => id === after) + 1;
      const page = matching.slice(start, first == null ? undefined : start + first);
      return {
        edges: page.map((deployment) => ({ cursor: deployment.id, node: deploymentFields(deployment) })),
        pageInfo: {
          startCursor: page.at(0)?.id ?? null,
          endCursor: page.at(-1)?.id ?? null,
          hasPreviousPage: start > 0,
          hasNextPage: start + page.length < matching.length,
        },
      };
    },
    deploymentLogs: (asked: LogQuestion) => matchingLogs(service.find(asked.deploymentId).logs, asked),
    buildLogs: (asked: LogQuestion) => matchingLogs(service.find(asked.deploymentId).buildLogs, asked),
    httpMetricsGroupedByStatus: ({
      startDate,
      endDate,
      stepSeconds,
      ...given
    }: Partial<RailwayIds> & { startDate: unknown; endDate: unknown; stepSeconds?: number | null }) => {
      requireIds(given);
      const period = z.tuple([moment, moment]).safeParse([startDate, endDate]);
      if (!period.success) throw new Refusal('Problem processing request: startDate, endDate');
      return requests.byStatus(...period.data, Math.max(stepSeconds ?? defaultStepSeconds, 1));
    },
    variables: (given: Partial<RailwayIds>) => {
      requireIds(given);
      return service.variables;
    },
    variableUpsert: ({
      input: given,
    }: {
      input: RailwayIds & { name: string; value: string; skipDeploys: boolean };
    }) => {
      requireIds(given);
      return order(() => service.setVariable(given.name, given.value, given.skipDeploys));
    },
    variableCollectionUpsert: ({
      input: given,
    }: {
      input: RailwayIds & { variables: unknown; skipDeploys: boolean; replace: boolean };
    }) => {
      requireIds(given);
      const variables = variableCollection.safeParse(given.variables);
      if (!variables.success) throw new Refusal('Problem processing request: variables');
      return order(() => service.setVariables(variables.data, given));
    },
    variableDelete: ({ input: given }: { input: RailwayIds & { name: string } }) => {
      requireIds(given);
      return order(() => service.removeVariable(given.name));
    },
    serviceInstanceAutoDeployStatus: (given: RailwayIds) => {
      requireIds(given);
      return autoDeployStatus();
    },
    serviceInstanceAutoDeployUpdate: ({ input: given }: { input: RailwayIds & { enabled: boolean } }) => {
      requireIds(given);
      if (given.enabled && !autoDeployStatus().canEnable) throw new Refusal('Auto-deploy cannot be enabled');
      service.autoDeploy = given.enabled;
      return { enabled: given.enabled };
    },
    deploymentCancel: ({ id }: { id: string }) => order(() => service.cancel(id)),
    deploymentStop: ({ id }: { id: string }) => order(() => service.stop(id)),
    deploymentRestart: ({ id }: { id: string }) => order(() => service.restart(id)),
    deploymentRollback: ({ id }: { id: string }) => order(() => service.rollback(id)),
    deploymentRedeploy: ({ id, usePreviousImageTag }: { id: string; usePreviousImageTag?: boolean }) =>
      deploymentFields(service.redeploy(id, usePreviousImageTag === true)),
  };
}

interface LogQuestion {
  readonly deploymentId: string;
  readonly limit?: number;
  readonly filter?: string;
}

function matchingLogs(logs: readonly LogEntry[], { limit, filter }: LogQuestion) {
  const matching = logs.filter(({ message }) => message.includes(filter ?? ''));
  return matching.slice(-Math.min(limit ?? defaultLogs, mostLogs)).map(logFields);
}

function logFields({ at, severity, message, attributes }: LogEntry) {
  // Railway's timestamps have nanoseconds.
  return { timestamp: at.toISOString().replace('Z', '000000Z'), severity, message, attributes };
}
