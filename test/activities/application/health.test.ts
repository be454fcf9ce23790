import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpProbe } from '../../../activities/adapters/http-probe/index.ts';
import { probeHealth } from '../../../activities/application/probe-health.ts';
import { watchHealth } from '../../../activities/application/watch-health.ts';
import { until } from '../../sandbox/postgres/condition.ts';
import { attempt, startProduction } from './production.ts';

let production: Awaited<ReturnType<typeof startProduction>>;

beforeAll(async () => {
  production = await startProduction();
});
afterAll(() => production.stop());

const watch = (input: { watchMs: number; deadlineMs: number }) =>
  attempt(production.activities.watchHealth, [{ probeEveryMs: 10, ...input }]);
const isUnhealthy = (heartbeat: unknown) =>
  heartbeat !== null && typeof heartbeat === 'object' && 'healthy' in heartbeat && !heartbeat.healthy;

describe('watching the health', () => {
  it('is over after an unbroken healthy run', async () => {
    const seen = await watch({ watchMs: 100, deadlineMs: 5_000 }).result;
    expect(seen).toMatchObject({ failedBeforeHealthy: 0, healthySince: expect.stringMatching(/Z$/) });
    expect(seen.watchedMs).toBeGreaterThanOrEqual(100);
    expect(seen.probes).toBeGreaterThan(1);
  });

  it('begins anew when a probe fails', async () => {
    const watching = watch({ watchMs: 1_000, deadlineMs: 60_000 });
    await until('it watches', 60_000, () => watching.heartbeats.length > 1 || undefined);
    await production.cluster.stop('immediate');
    await until('it saw a failure', 60_000, () => watching.heartbeats.some(isUnhealthy) || undefined);
    const restartedAt = Date.now();
    await production.cluster.start();
    const seen = await watching.result;
    expect(seen.failedBeforeHealthy).toBeGreaterThan(0);
    expect(Date.parse(seen.healthySince)).toBeGreaterThanOrEqual(restartedAt);
  });

  it('ends after the deadline with what the last probe said', async () => {
    await production.cluster.stop('immediate');
    await expect(watch({ watchMs: 100, deadlineMs: 50 }).result).rejects.toMatchObject({
      type: 'application-unhealthy',
      retried: false,
      explanation: { happened: expect.stringContaining('HTTP 503') },
    });
    await production.cluster.start();
  });
});

describe('an unhealthy answer that holds a secret', () => {
  const server = createServer((_, response) => {
    response.writeHead(503).end('cannot reach postgres://app:hunter22@db/vendhub');
  });
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => once(server.close(), 'close'));

  /** VendHub's platform, with this answer at the health URL. */
  function dependencies() {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    const healthUrl = `http://127.0.0.1:${address.port}/health`;
    return { ...production, pollEveryMs: 20, probe: createHttpProbe({ healthUrl, timeoutMs: 5_000 }) };
  }

  it('is told without it', async () => {
    const { result } = attempt(() => probeHealth(dependencies()), []);
    expect((await result).detail).toBe('HTTP 503 cannot reach [removed]');
    const watching = attempt(
      () => watchHealth(dependencies(), { watchMs: 100, probeEveryMs: 10, deadlineMs: 0 }),
      [],
    );
    const failure: unknown = await watching.result.catch((thrown: unknown) => thrown);
    expect(String(failure)).toContain('HTTP 503 cannot reach [removed]');
    expect(JSON.stringify([failure, watching.heartbeats])).not.toContain('hunter22');
  });
});
