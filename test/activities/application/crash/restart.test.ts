import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../sandbox/postgres/condition.ts';
import { attempt, startProduction } from './production.ts';

let production: Awaited<ReturnType<typeof startProduction>>;
let deploymentId: string;

const restart = (input: { withVariablesOfNow?: boolean } = {}, heartbeatDetails?: unknown) =>
  attempt(
    production.activities.restartApplication,
    [{ deploymentId, withVariablesOfNow: false, deadlineMs: 60_000, ...input }],
    heartbeatDetails,
  );
const observing = (watchMs: number, deadlineMs: number) =>
  attempt(production.activities.observeRestart, [{ deploymentId, watchMs, probeEveryMs: 50, deadlineMs }]);
const observe = (watchMs = 300, deadlineMs = 60_000) => observing(watchMs, deadlineMs).result;
const pid = () => production.railway.service.active()?.replica?.pid();

beforeAll(async () => {
  production = await startProduction();
});
afterAll(() => production.stop());
beforeEach(async () => {
  deploymentId = await production.heal();
});
afterEach(async () => {
  production.railway.faults.clear();
  await production.railway.service.settled();
});

describe('a restart', () => {
  it('is a new process of the same deployment, and its health is seen', async () => {
    const before = pid();
    expect(await restart().result).toMatchObject({ deploymentId });
    expect(await observe()).toMatchObject({ kind: 'healthy', healthySince: expect.stringMatching(/Z$/) });
    expect(pid()).not.toBe(before);
  });

  it('brings up what had crashed', async () => {
    process.kill(Number(pid()), 'SIGKILL');
    const { service } = production.railway;
    await until('it is given up', 60_000, () => service.find(deploymentId).status === 'CRASHED' || undefined);
    await restart().result;
    expect((await observe()).kind).toBe('healthy');
  });

  it('whose answer is lost is not given again', async () => {
    const before = production.changes('deploymentRestart');
    production.railway.faults.set('deploymentRestart', { kind: 'drop-after' }, 1);
    await restart().result;
    expect(production.changes('deploymentRestart')).toBe(before + 1);
  });

  it('that an earlier attempt gave before its worker died is not given again', async () => {
    const before = production.changes('deploymentRestart');
    const first = restart();
    await first.result;
    await production.railway.service.settled();
    await restart({}, first.heartbeats[0]).result;
    expect(production.changes('deploymentRestart')).toBe(before + 1);
  });

  it('that was not taken may be tried again, and is given then', async () => {
    const before = production.changes('deploymentRestart');
    production.railway.faults.set('deploymentRestart', { kind: 'drop-before' }, 1);
    const first = restart();
    await expect(first.result).rejects.toMatchObject({ type: 'provider-unavailable', retried: true });
    await restart({}, first.heartbeats[0]).result;
    expect(production.changes('deploymentRestart')).toBe(before + 1);
  });

  it('waits as long as the platform asks', async () => {
    production.railway.faults.set(
      'deploymentRestart',
      { kind: 'answer', status: 429, headers: { 'retry-after': '2' } },
      1,
    );
    await expect(restart().result).rejects.toMatchObject({ retried: true, retryAfterMs: 2_000 });
  });

  it('of what was stopped deploys the same build anew', async () => {
    await production.platform.stopDeployment(deploymentId);
    await production.railway.service.settled();
    const restarted = await restart().result;
    expect(restarted.deploymentId).not.toBe(deploymentId);
    expect(restarted.deploymentId).toBe(production.activeId());
  });

  it('deploys anew, once, where only that takes the variables of now', async () => {
    const { service, faults } = production.railway;
    const before = production.changes('deploymentRedeploy');
    service.setVariable('GREETING', 'new', true);
    faults.set('deploymentRedeploy', { kind: 'drop-after' }, 1);
    const first = restart({ withVariablesOfNow: true });
    const restarted = await first.result;
    expect(service.active()).toMatchObject({ id: restarted.deploymentId, variables: { GREETING: 'new' } });
    expect((await restart({ withVariablesOfNow: true }, first.heartbeats[0]).result).deploymentId).toBe(
      restarted.deploymentId,
    );
    expect(production.changes('deploymentRedeploy')).toBe(before + 1);
  });
});

describe('what a restart comes to', () => {
  it('is a failure when the application falls again after it was healthy', async () => {
    const watch = observing(60_000, 60_000);
    await until('it was probed', 60_000, () => watch.heartbeats.length > 0 || undefined);
    process.kill(await until('its process is known', 60_000, () => pid()), 'SIGKILL');
    expect(await watch.result).toMatchObject({
      kind: 'failed',
      found: expect.stringContaining('it was healthy for'),
    });
  });

  it('is a failure when the platform gives it up, without waiting for the deadline', async () => {
    const { service } = production.railway;
    deploymentId = String(service.pushVersion('v3-throws-on-start')?.id);
    await service.settled();
    await restart().result;
    expect(await observe(300, 600_000)).toMatchObject({
      kind: 'failed',
      found: expect.stringContaining('gave it up: CRASHED'),
    });
  });

  it('is a failure when it is not healthy by the deadline', async () => {
    await production.cluster.stop('immediate');
    try {
      expect(await observe(300, 200)).toMatchObject({
        kind: 'failed',
        found: expect.stringContaining('not healthy within 200 ms: HTTP 503'),
      });
    } finally {
      await production.cluster.start();
    }
  });
});

describe('an outage', () => {
  const confirm = () =>
    attempt(production.activities.confirmOutage, [{ probes: 3, probeEveryMs: 10 }]).result;

  it('is none when every probe is answered', async () => {
    expect(await confirm()).toMatchObject({ down: false, probes: 3, failed: 0 });
  });

  it('is one when a probe fails', async () => {
    await production.platform.stopDeployment(deploymentId);
    await production.railway.service.settled();
    expect(await confirm()).toMatchObject({
      down: true,
      probes: 3,
      failed: 3,
      answer: expect.stringContaining('HTTP 502'),
    });
  });
});

describe('a deployment that comes up in the place of one that is gone', () => {
  const awaitDeployment = (deadlineMs: number) =>
    attempt(production.activities.awaitDeployment, [{ deadlineMs }]).result;

  beforeEach(async () => {
    await production.platform.stopDeployment(deploymentId);
    await production.railway.service.settled();
  });

  it('is waited for, so that the one that was replaced is not restarted', async () => {
    const next = await production.platform.redeploy(deploymentId);
    expect(await awaitDeployment(60_000)).toBe(true);
    expect(production.activeId()).toBe(next);
  });

  it('is not waited for longer than allowed', async () => {
    await production.platform.redeploy(deploymentId);
    expect(await awaitDeployment(0)).toBe(false);
  });

  it('is not waited for where there is none', async () => {
    expect(await awaitDeployment(60_000)).toBe(true);
    expect(production.activeId()).toBe('undefined');
  });
});
