import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../sandbox/postgres/condition.ts';
import { attempt, startProduction } from './production.ts';

let production: Awaited<ReturnType<typeof startProduction>>;

beforeAll(async () => {
  production = await startProduction();
});
afterAll(() => production.stop());
afterEach(() => {
  production.railway.faults.clear();
  production.railway.service.autoDeploy = true;
});

describe('pausing deployments', () => {
  it('switches auto-deploy off and cancels what is under way; what runs goes on', async () => {
    const { activities, railway, activeId } = production;
    const before = activeId();
    railway.faults.switchOn('deployment-stuck');
    const pushed = railway.service.pushVersion('v3');

    expect(await attempt(activities.pauseDeployments, []).result).toEqual({
      autoDeployEnabledBefore: true,
      canEnableAgain: true,
      canEnableReason: null,
      cancelled: [pushed?.id],
    });
    expect(railway.service.autoDeploy).toBe(false);
    expect(pushed?.status).toBe('REMOVED');
    expect(await attempt(activities.readApplicationState, []).result).toEqual({
      deploymentId: before,
      deploymentStatus: 'SUCCESS',
      running: true,
      autoDeployEnabled: false,
    });
    expect((await attempt(activities.probeHealth, []).result).healthy).toBe(true);
  });

  it('still knows how it was before when an earlier attempt broke off after the change', async () => {
    const { activities, railway } = production;
    railway.faults.set('deployments', { kind: 'answer', status: 503 });
    const first = attempt(activities.pauseDeployments, []);
    await expect(first.result).rejects.toMatchObject({ type: 'provider-unavailable' });
    expect(railway.service.autoDeploy).toBe(false);

    railway.faults.clear();
    const second = attempt(activities.pauseDeployments, [], first.heartbeats.at(-1));
    expect(await second.result).toMatchObject({ autoDeployEnabledBefore: true, cancelled: [] });
  });

  it('says when auto-deploy could not be switched on again', async () => {
    const { activities, railway } = production;
    railway.faults.switchOn('auto-deploy-locked');
    expect(await attempt(activities.pauseDeployments, []).result).toMatchObject({
      canEnableAgain: false,
      canEnableReason: 'The repository is not connected.',
    });
    await expect(attempt(activities.resumeDeployments, [{ enabled: true }]).result).rejects.toMatchObject({
      type: 'provider-refused',
    });
  });

  it('is undone by resuming, which asks nothing when it is so already', async () => {
    const { activities, railway, changes } = production;
    railway.service.autoDeploy = false;
    await attempt(activities.resumeDeployments, [{ enabled: true }]).result;
    expect(railway.service.autoDeploy).toBe(true);
    const updates = changes('serviceInstanceAutoDeployUpdate');
    await attempt(activities.resumeDeployments, [{ enabled: true }]).result;
    expect(changes('serviceInstanceAutoDeployUpdate')).toBe(updates);
  });
});

describe('stopping the application', () => {
  it('waits until nothing answers, and is success when it is so already', async () => {
    const { activities, activeId, changes } = production;
    const deploymentId = activeId();
    const stopping = attempt(activities.stopApplication, []);
    expect(await stopping.result).toEqual({ deploymentId, stoppedDeploymentIds: [deploymentId] });
    expect(stopping.heartbeats.length).toBeGreaterThan(0);
    expect(await attempt(activities.probeHealth, []).result).toMatchObject({
      healthy: false,
      detail: expect.stringContaining('HTTP 502'),
    });
    expect(await attempt(activities.readApplicationState, []).result).toMatchObject({
      deploymentId,
      deploymentStatus: 'SUCCESS (stopped)',
      running: false,
    });

    const stops = changes('deploymentStop');
    expect(await attempt(activities.stopApplication, []).result).toEqual({
      deploymentId,
      stoppedDeploymentIds: [],
    });
    expect(changes('deploymentStop')).toBe(stops);
    await attempt(activities.startApplication, [{ deploymentId, deadlineMs: 60_000 }]).result;
  });

  it('goes on where an attempt broke off whose answer was lost', async () => {
    const { activities, railway, activeId } = production;
    const deploymentId = activeId();
    railway.faults.set('deploymentStop', { kind: 'drop-after' }, 1);
    const first = attempt(activities.stopApplication, []);
    await expect(first.result).rejects.toMatchObject({ type: 'provider-unavailable' });
    const second = attempt(activities.stopApplication, [], first.heartbeats.at(-1));
    expect(await second.result).toMatchObject({ deploymentId });
    await attempt(activities.startApplication, [{ deploymentId, deadlineMs: 60_000 }]).result;
  });

  it('stops waiting when the run is cancelled', async () => {
    const { activities, railway } = production;
    railway.faults.set('deploymentStop', {
      kind: 'answer',
      status: 200,
      body: '{"data":{"deploymentStop":true}}',
    });
    const stopping = attempt(activities.stopApplication, []);
    await until('it waits', 60_000, () => stopping.heartbeats.length > 2 || undefined);
    stopping.cancel();
    await expect(stopping.result).rejects.toThrow('CANCELLED');
  });
});
