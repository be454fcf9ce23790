import { z } from 'zod';
import { operation } from './operation.ts';

type ServiceKey = { readonly projectId: string; readonly environmentId: string; readonly serviceId: string };
type DeploymentKey = { readonly id: string };

const moment = z.iso.datetime({ offset: true });

const text = z.string().min(1).nullish().catch(null);

/** What is known of a deployment's origin: the schema calls it a scalar, so nothing in it can be relied on. */
const meta = z
  .looseObject({ commitHash: text, commitMessage: text, branch: text, repo: text })
  .nullish()
  .catch(null);

const logs = z.array(
  z.object({
    timestamp: moment,
    severity: z.string().nullish(),
    message: z.string(),
    attributes: z.array(z.object({ key: z.string(), value: z.string() })),
  }),
);

/** Every operation that is sent to Railway, each with its document in Railway's schema. */
export const operations = {
  deployments: operation<{ readonly input: ServiceKey; readonly first: number }>()({
    purpose: 'reading the deployments',
    document: `query Deployments($input: DeploymentListInput!, $first: Int) {
      deployments(input: $input, first: $first) {
        edges { node { id status createdAt statusUpdatedAt canRollback canRedeploy deploymentStopped meta } }
      }
    }`,
    answer: z.object({
      deployments: z.object({
        edges: z.array(
          z.object({
            node: z.object({
              id: z.string(),
              // Statuses may grow; which ones are known is decided when they are read.
              status: z.string(),
              createdAt: moment,
              statusUpdatedAt: moment.nullish(),
              canRollback: z.boolean(),
              canRedeploy: z.boolean(),
              deploymentStopped: z.boolean(),
              meta,
            }),
          }),
        ),
      }),
    }),
  }),

  autoDeployStatus: operation<ServiceKey>()({
    purpose: 'reading whether pushes are deployed',
    document: `query AutoDeployStatus($projectId: String!, $environmentId: String!, $serviceId: String!) {
      serviceInstanceAutoDeployStatus(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId) {
        enabled canEnable reason
      }
    }`,
    answer: z.object({
      serviceInstanceAutoDeployStatus: z.object({
        enabled: z.boolean(),
        canEnable: z.boolean(),
        reason: z.string().nullish(),
      }),
    }),
  }),

  autoDeployUpdate: operation<{ readonly input: ServiceKey & { readonly enabled: boolean } }>()({
    purpose: 'changing whether pushes are deployed',
    document: `mutation AutoDeployUpdate($input: ServiceInstanceAutoDeployUpdateInput!) {
      serviceInstanceAutoDeployUpdate(input: $input) { enabled }
    }`,
    answer: z.object({ serviceInstanceAutoDeployUpdate: z.object({ enabled: z.boolean() }) }),
  }),

  cancel: operation<DeploymentKey>()({
    purpose: 'cancelling a deployment',
    document: 'mutation Cancel($id: String!) { deploymentCancel(id: $id) }',
    answer: z.object({ deploymentCancel: z.boolean() }).transform(({ deploymentCancel }) => deploymentCancel),
  }),

  stop: operation<DeploymentKey>()({
    purpose: 'stopping a deployment',
    document: 'mutation Stop($id: String!) { deploymentStop(id: $id) }',
    answer: z.object({ deploymentStop: z.boolean() }).transform(({ deploymentStop }) => deploymentStop),
  }),

  restart: operation<DeploymentKey>()({
    purpose: 'restarting a deployment',
    document: 'mutation Restart($id: String!) { deploymentRestart(id: $id) }',
    answer: z
      .object({ deploymentRestart: z.boolean() })
      .transform(({ deploymentRestart }) => deploymentRestart),
  }),

  rollback: operation<DeploymentKey>()({
    purpose: 'rolling back to a deployment',
    document: 'mutation Rollback($id: String!) { deploymentRollback(id: $id) }',
    answer: z
      .object({ deploymentRollback: z.boolean() })
      .transform(({ deploymentRollback }) => deploymentRollback),
  }),

  redeploy: operation<DeploymentKey>()({
    purpose: 'deploying the same build again',
    document:
      'mutation Redeploy($id: String!) { deploymentRedeploy(id: $id, usePreviousImageTag: true) { id } }',
    answer: z.object({ deploymentRedeploy: z.object({ id: z.string() }) }),
  }),

  logs: operation<{ readonly deploymentId: string; readonly limit: number }>()({
    purpose: 'reading the logs of a deployment',
    document: `query Logs($deploymentId: String!, $limit: Int) {
      deploymentLogs(deploymentId: $deploymentId, limit: $limit) { timestamp severity message attributes { key value } }
    }`,
    answer: z.object({ deploymentLogs: logs }).transform(({ deploymentLogs }) => deploymentLogs),
  }),

  buildLogs: operation<{ readonly deploymentId: string; readonly limit: number }>()({
    purpose: 'reading the build logs of a deployment',
    document: `query BuildLogs($deploymentId: String!, $limit: Int) {
      buildLogs(deploymentId: $deploymentId, limit: $limit) { timestamp severity message attributes { key value } }
    }`,
    answer: z.object({ buildLogs: logs }).transform(({ buildLogs }) => buildLogs),
  }),

  requestsByStatus: operation<
    Omit<ServiceKey, 'projectId'> & {
      readonly startDate: string;
      readonly endDate: string;
      readonly stepSeconds: number;
    }
  >()({
    purpose: 'reading how requests were answered',
    document: `query RequestsByStatus(
      $environmentId: String!, $serviceId: String!, $startDate: DateTime!, $endDate: DateTime!, $stepSeconds: Int
    ) {
      httpMetricsGroupedByStatus(
        environmentId: $environmentId, serviceId: $serviceId,
        startDate: $startDate, endDate: $endDate, stepSeconds: $stepSeconds
      ) { statusCode samples { ts value } }
    }`,
    answer: z
      .object({
        httpMetricsGroupedByStatus: z.array(
          z.object({
            statusCode: z.int(),
            // When the step began, in s since 1970, and the requests in it.
            samples: z.array(z.object({ ts: z.number(), value: z.number().min(0) })),
          }),
        ),
      })
      .transform(({ httpMetricsGroupedByStatus }) => httpMetricsGroupedByStatus),
  }),

  variables: operation<ServiceKey & { readonly unrendered: boolean }>()({
    purpose: 'reading the variables of the service',
    document: `query Variables(
      $projectId: String!, $environmentId: String!, $serviceId: String!, $unrendered: Boolean
    ) {
      variables(
        projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId, unrendered: $unrendered
      )
    }`,
    answer: z.object({ variables: z.record(z.string(), z.unknown()) }),
  }),

  setVariables: operation<{
    readonly input: ServiceKey & {
      readonly variables: Readonly<Record<string, string>>;
      readonly skipDeploys: true;
      // Wipes every variable that is not named; sent as false, so that no default of theirs decides.
      readonly replace: false;
    };
  }>()({
    purpose: 'setting variables of the service',
    document: `mutation SetVariables($input: VariableCollectionUpsertInput!) {
      variableCollectionUpsert(input: $input)
    }`,
    answer: z
      .object({ variableCollectionUpsert: z.boolean() })
      .transform(({ variableCollectionUpsert }) => variableCollectionUpsert),
  }),
};
