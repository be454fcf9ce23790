import { buildSchema } from 'graphql';

/** The part of Railway's schema that the sandbox answers, with the names and types of the whole. */
export const schema = buildSchema(`
  scalar DateTime
  scalar DeploymentMeta
  scalar EnvironmentVariables

  enum DeploymentStatus {
    BUILDING CRASHED DEPLOYING FAILED INITIALIZING NEEDS_APPROVAL QUEUED REMOVED REMOVING SKIPPED SLEEPING SUCCESS WAITING
  }

  type Deployment {
    canRedeploy: Boolean!
    canRollback: Boolean!
    createdAt: DateTime!
    deploymentStopped: Boolean!
    environmentId: String!
    id: ID!
    meta: DeploymentMeta
    projectId: String!
    serviceId: String
    status: DeploymentStatus!
    statusUpdatedAt: DateTime
  }
  type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
  type QueryDeploymentsConnectionEdge { cursor: String! node: Deployment! }
  type QueryDeploymentsConnection { edges: [QueryDeploymentsConnectionEdge!]! pageInfo: PageInfo! }
  type HttpMetricsSample { ts: Int! value: Float! }
  type HttpMetricsByStatusResult { samples: [HttpMetricsSample!]! statusCode: Int! }
  type LogAttribute { key: String! value: String! }
  type Log { attributes: [LogAttribute!]! message: String! severity: String timestamp: String! }
  type Project { id: ID! name: String! }
  type ServiceInstanceAutoDeployStatus { canEnable: Boolean! enabled: Boolean! reason: String }
  type ServiceInstanceAutoDeployUpdateResult { enabled: Boolean! }

  input DeploymentStatusInput { in: [DeploymentStatus!] notIn: [DeploymentStatus!] }
  input DeploymentListInput {
    environmentId: String
    includeDeleted: Boolean
    projectId: String
    serviceId: String
    status: DeploymentStatusInput
  }
  input ServiceInstanceAutoDeployUpdateInput {
    enabled: Boolean!
    environmentId: String!
    projectId: String!
    serviceId: String!
  }
  input VariableCollectionUpsertInput {
    environmentId: String!
    projectId: String!
    replace: Boolean = false
    serviceId: String
    skipDeploys: Boolean = false
    variables: EnvironmentVariables!
  }
  input VariableDeleteInput { environmentId: String! name: String! projectId: String! serviceId: String }
  input VariableUpsertInput {
    environmentId: String!
    name: String!
    projectId: String!
    serviceId: String
    skipDeploys: Boolean = false
    value: String!
  }

  type Query {
    buildLogs(deploymentId: String!, endDate: DateTime, filter: String, limit: Int, startDate: DateTime): [Log!]!
    deployment(id: String!): Deployment!
    deploymentLogs(deploymentId: String!, endDate: DateTime, filter: String, limit: Int, startDate: DateTime): [Log!]!
    deployments(after: String, before: String, first: Int, input: DeploymentListInput!, last: Int): QueryDeploymentsConnection!
    httpMetricsGroupedByStatus(endDate: DateTime!, environmentId: String!, serviceId: String!, startDate: DateTime!, stepSeconds: Int): [HttpMetricsByStatusResult!]!
    project(id: String!): Project!
    serviceInstanceAutoDeployStatus(environmentId: String!, projectId: String!, serviceId: String!): ServiceInstanceAutoDeployStatus!
    variables(environmentId: String!, projectId: String!, serviceId: String, unrendered: Boolean): EnvironmentVariables!
  }
  type Mutation {
    deploymentCancel(id: String!): Boolean!
    deploymentRedeploy(id: String!, usePreviousImageTag: Boolean): Deployment!
    deploymentRestart(id: String!): Boolean!
    deploymentRollback(id: String!): Boolean!
    deploymentStop(id: String!): Boolean!
    serviceInstanceAutoDeployUpdate(input: ServiceInstanceAutoDeployUpdateInput!): ServiceInstanceAutoDeployUpdateResult!
    variableCollectionUpsert(input: VariableCollectionUpsertInput!): Boolean!
    variableDelete(input: VariableDeleteInput!): Boolean!
    variableUpsert(input: VariableUpsertInput!): Boolean!
  }
`);
