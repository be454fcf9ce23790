import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../sandbox/postgres/condition.ts';
import { attempt, startProduction } from './production.ts';

let production: Awaited<ReturnType<typeof startProduction>>;
let deploymentId: string;

const start = (deadlineMs = 60_000) =>
  attempt(production.activities.startApplication, [{ deploymentId, deadlineMs }]);

beforeAll(async () => {
  production = await startProduction();
});
afterAll(() => production.stop());
beforeEach(async () => {
  deploymentId = production.activeId();
  await attempt(production.activities.stopApplication, []).result;
});
afterEach(async () => {
  production.railway.faults.clear();
  await production.railway.service.settled();
});

describe('starting the application', () => {
  it('deploys the same build again, and is success when it runs already', async () => {
    const { activities, changes, activeId, railway } = production;
    const before = changes('deploymentRedeploy');
    const started = await start().result;
    expect(started).toEqual({ deploymentId: activeId(), startedAt: expect.stringMatching(/Z$/) });
    expect(railway.service.active()?.version).toBe('v2');
    expect((await attempt(activities.probeHealth, []).result).healthy).toBe(true);

    expect((await start().result).deploymentId).toBe(started.deploymentId);
    expect(changes('deploymentRedeploy')).toBe(before + 1);
  });

  it('waits for the redeploy of an attempt that broke off instead of asking for another', async () => {
    const { changes, railway } = production;
    const before = changes('deploymentRedeploy');
    railway.faults.switchOn('deployment-stuck');
    const first = start();
    await until('it waits', 60_000, () => first.heartbeats.length > 1 || undefined);
    first.cancel();
    await expect(first.result).rejects.toThrow('CANCELLED');

    const second = start();
    railway.faults.clear();
    expect((await second.result).deploymentId).toBe(railway.service.deployments()[0]?.id);
    expect(changes('deploymentRedeploy')).toBe(before + 1);
  });

  it('finds the redeploy whose answer was lost', async () => {
    const { changes, railway } = production;
    const before = changes('deploymentRedeploy');
    railway.faults.set('deploymentRedeploy', { kind: 'drop-after' }, 1);
    expect((await start().result).deploymentId).toBe(railway.service.deployments()[0]?.id);
    expect(changes('deploymentRedeploy')).toBe(before + 1);
  });

  it('says that a redeploy which was not taken may be tried again', async () => {
    const { changes, railway } = production;
    const before = changes('deploymentRedeploy');
    railway.faults.set('deploymentRedeploy', { kind: 'drop-before' }, 1);
    await expect(start().result).rejects.toMatchObject({ type: 'provider-unavailable', retried: true });
    expect(changes('deploymentRedeploy')).toBe(before);
    await start().result;
  });

  it('fails with the last log lines when the deployment crashes, and can be tried again', async () => {
    const { railway, activities } = production;
    const healthy = deploymentId;
    const crashing = railway.service.pushVersion('v3-crash-on-start');
    await railway.service.settled();
    deploymentId = String(crashing?.id);
    const failure = await start().result.catch((error: unknown) => error);
    expect(failure).toMatchObject({
      type: 'deployment-failed',
      retried: false,
      explanation: { happened: expect.stringMatching(/CRASHED[\s\S]*fatal[\s\S]*price list/) },
    });
    railway.service.rollback(healthy);
    await railway.service.settled();
    expect((await attempt(activities.probeHealth, []).result).healthy).toBe(true);
  });

  it('fails when the deployment does not run by the deadline', async () => {
    const { railway } = production;
    railway.faults.switchOn('deployment-stuck');
    await expect(start(50).result).rejects.toMatchObject({
      type: 'deployment-failed',
      explanation: { happened: expect.stringContaining('DEPLOYING') },
    });
  });
});
