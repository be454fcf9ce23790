import { randomUUID } from 'node:crypto';
import { CallLog } from '../http/call-log.ts';
import { Faults } from '../http/faults.ts';
import { startServer } from '../http/server.ts';
import { freeServerPort } from '../process/free-port.ts';
import { SandboxDeployment } from './deployment.ts';
import { startEdge } from './edge.ts';
import { createGraphqlServer } from './graphql-server.ts';
import { createResolvers, type RailwayIds, railwaySwitches } from './resolvers.ts';
import { SandboxService } from './service.ts';

export type { SandboxDeployment } from './deployment.ts';
export type { RailwayIds } from './resolvers.ts';
export type { SandboxService } from './service.ts';

/** What {@link startSandboxRailway} takes. All times in ms. */
export interface SandboxRailwayOptions {
  /** The service's variables: `DATABASE_URL` at least, and `VENDHUB_DISPENSE_RECORD` when it is wanted. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of the deployment that runs at the start. */
  readonly version?: string;
  readonly buildMs?: number;
  readonly deployMs?: number;
  readonly stopMs?: number;
  /** How often a process that ended by itself is started again before the deployment is CRASHED. */
  readonly maxRestarts?: number;
  readonly restartDelayMs?: number;
}

/** A running Railway of one service. */
export interface SandboxRailway {
  readonly endpoint: string;
  /** Good as a bearer token and as a project token; a secret like a real one. */
  readonly token: string;
  readonly ids: RailwayIds;
  /** Where users reach the application, without a path; Railway's edge answers 502 there while no deployment runs. */
  readonly applicationUrl: string;
  readonly calls: CallLog;
  /** By operation: the first field asked for, such as `deploymentStop`; switches see `railwaySwitches`. */
  readonly faults: Faults;
  /** Behind the API: pushes, and what is really running. */
  readonly service: SandboxService;
  /** Ends the application and the server. */
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const firstVersion = 'v2';

/**
 * Starts Railway with VendHub on it, and waits until the first deployment runs. Four deployments have been before:
 * one that can be rolled back to, a failed one, and two whose image is not kept any more. Rejects when the first
 * deployment does not come up; everything is ended then.
 */
export async function startSandboxRailway(options: SandboxRailwayOptions): Promise<SandboxRailway> {
  const calls = new CallLog();
  const faults = new Faults(railwaySwitches);
  const replicaPort = await freeServerPort();
  const edge = await startEdge({ port: await freeServerPort(), replicaPort });
  const service = new SandboxService(
    {
      port: replicaPort,
      buildMs: options.buildMs ?? 200,
      deployMs: options.deployMs ?? 100,
      stopMs: options.stopMs ?? 50,
      maxRestarts: options.maxRestarts ?? 3,
      restartDelayMs: options.restartDelayMs ?? 100,
      activationAllowed: () => faults.whenOff('deployment-stuck'),
    },
    options.variables,
  );
  addPastDeployments(service);

  const ids = { projectId: randomUUID(), environmentId: randomUUID(), serviceId: randomUUID() };
  const token = randomUUID();
  const rootValue = createResolvers({
    service,
    requests: edge.counts,
    ids,
    projectName: 'vendhub-sandbox',
    faults,
  });
  const app = createGraphqlServer({ token, rootValue, calls, faults });
  // For a person at a running sandbox: a push to the repository, of a version that behaves as its name says.
  app.post('/_sandbox/push/:version', (context) => {
    const pushed = service.pushVersion(context.req.param('version'));
    return context.json({ deploymentId: pushed?.id ?? null });
  });
  const server = await startServer(app);
  const stop = async () => {
    faults.clear();
    await service.close();
    await edge.stop();
    await server.stop();
  };

  const first = service.deploy({
    version: options.version ?? firstVersion,
    variables: options.variables,
    build: false,
  });
  await service.settled();
  if (first.status !== 'SUCCESS') {
    await stop();
    const log = first.logs.map(({ message }) => message).join(' ');
    throw new Error(`The first deployment is ${first.status}: ${log}`);
  }
  return {
    endpoint: `${server.url}/graphql/v2`,
    token,
    ids,
    applicationUrl: edge.url,
    calls,
    faults,
    service,
    stop,
  };
}

function addPastDeployments(service: SandboxService): void {
  const past = [
    { version: 'v0', status: 'REMOVED', hasImage: false, daysAgo: 40 },
    { version: 'v1-rc', status: 'REMOVED', hasImage: false, daysAgo: 21 },
    { version: 'v1', status: 'REMOVED', hasImage: true, daysAgo: 14 },
    { version: 'v2-rc', status: 'FAILED', hasImage: false, daysAgo: 3 },
  ] as const;
  for (const { daysAgo, ...rest } of past) {
    const createdAt = new Date(Date.now() - daysAgo * dayMs);
    const deployment = new SandboxDeployment({ ...rest, createdAt, variables: service.variables });
    deployment.hasRun = rest.status === 'REMOVED';
    service.addPast(deployment);
  }
}
