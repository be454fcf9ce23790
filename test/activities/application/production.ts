import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createHttpProbe } from '../../../activities/adapters/http-probe/index.ts';
import { createRailwayPlatform } from '../../../activities/adapters/railway/index.ts';
import { createApplicationActivities } from '../../../activities/application/index.ts';
import { startTestRailway } from '../../sandbox/railway/test-railway.ts';

/** VendHub in the sandbox, and the activities with the production adapters in front of it. */
export async function startProduction() {
  const sandbox = await startTestRailway({ buildMs: 20, deployMs: 10, maxRestarts: 0 });
  const { endpoint, token, ids, applicationUrl, service, calls } = sandbox.railway;
  const platform = createRailwayPlatform({
    endpoint,
    token: { kind: 'bearer', value: token },
    ...ids,
    timeoutMs: 10_000,
  });
  const activities = createApplicationActivities({
    platform,
    probe: createHttpProbe({ healthUrl: `${applicationUrl}/health`, timeoutMs: 10_000 }),
    pollEveryMs: 20,
  });
  return {
    ...sandbox,
    platform,
    activities,
    /** How often this operation changed something at the platform. */
    changes: (operation: string) => calls.all(operation).filter(({ ran }) => ran).length,
    activeId: () => String(service.active()?.id),
  };
}

/** Runs one attempt of an activity; `heartbeatDetails` are what the attempt before left. */
export function attempt<Arguments extends unknown[], Result>(
  activity: (...given: Arguments) => Promise<Result>,
  given: Arguments,
  heartbeatDetails?: unknown,
) {
  const environment = new MockActivityEnvironment(
    { heartbeatDetails },
    { logger: new DefaultLogger('ERROR') },
  );
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  const result: Promise<Result> = environment.run(activity, ...given);
  return { result, heartbeats, cancel: () => environment.cancel() };
}
