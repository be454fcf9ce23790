import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRailwayPlatform, type RailwayAccess } from '../../../../activities/adapters/railway/index.ts';
import type { ApplicationPlatform } from '../../../../activities/ports.ts';
import { startTestRailway } from '../../../sandbox/railway/test-railway.ts';

// Processes are started here; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let sandbox: Awaited<ReturnType<typeof startTestRailway>>;
let access: RailwayAccess;
let platform: ApplicationPlatform;

beforeAll(async () => {
  sandbox = await startTestRailway();
  const { endpoint, token, ids } = sandbox.railway;
  access = { endpoint, token: { kind: 'bearer', value: token }, ...ids, timeoutMs: 2_000 };
  platform = createRailwayPlatform(access);
});
afterAll(() => sandbox.stop());
afterEach(() => sandbox.railway.faults.clear());

const settled = () => sandbox.railway.service.settled();
const running = async () => (await platform.deployments()).find(({ status }) => status === 'running');

describe("Railway's adapter", () => {
  it('reads the deployments, newest first', async () => {
    const deployments = await platform.deployments();
    expect(deployments.map(({ status, rawStatus, canRollback }) => [status, rawStatus, canRollback])).toEqual(
      [
        ['running', 'SUCCESS', false],
        ['failed', 'FAILED (stopped)', false],
        ['stopped', 'REMOVED (stopped)', true],
        ['stopped', 'REMOVED (stopped)', false],
        ['stopped', 'REMOVED (stopped)', false],
      ],
    );
    expect(deployments[0]?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('switches auto-deploy, and says when it could not be switched on again', async () => {
    expect(await platform.autoDeploy()).toEqual({ enabled: true, canEnable: true, reason: null });
    await platform.setAutoDeploy(false);
    sandbox.railway.faults.switchOn('auto-deploy-locked');
    expect(await platform.autoDeploy()).toEqual({
      enabled: false,
      canEnable: false,
      reason: 'The repository is not connected.',
    });
    await expect(platform.setAutoDeploy(true)).rejects.toMatchObject({ type: 'provider-refused' });
    sandbox.railway.faults.clear();
    await platform.setAutoDeploy(true);
    expect(await platform.autoDeploy()).toMatchObject({ enabled: true });
  });

  it('stops, deploys again, restarts, rolls back and cancels', async () => {
    const first = await running();
    await platform.stopDeployment(String(first?.id));
    await settled();
    expect((await platform.deployments())[0]).toMatchObject({ id: first?.id, status: 'stopped' });

    const again = await platform.redeploy(String(first?.id));
    await settled();
    expect(await running()).toMatchObject({ id: again });

    await platform.restartDeployment(again);
    expect((await platform.deployments())[0]).toMatchObject({ id: again, status: 'starting' });
    await settled();
    expect(await running()).toMatchObject({ id: again });

    await platform.rollbackTo(String(first?.id));
    await settled();
    expect((await running())?.id).not.toBe(again);

    sandbox.railway.faults.switchOn('deployment-stuck');
    const pushed = sandbox.railway.service.pushVersion('v9');
    await platform.cancelDeployment(String(pushed?.id));
    await settled();
    expect((await platform.deployments())[0]).toMatchObject({ id: pushed?.id, status: 'stopped' });
  });

  it('reads logs, oldest first and with their attributes, and one variable', async () => {
    const active = await running();
    const logs = await platform.logs(String(active?.id), 50);
    expect(logs).toContainEqual({
      at: expect.stringMatching(/Z$/),
      severity: 'info',
      message: expect.stringMatching(/^listening .*port=\d+/),
    });
    expect(logs.map(({ at }) => at)).toEqual(logs.map(({ at }) => at).toSorted());
    expect(await platform.variable('DATABASE_URL')).toBe(sandbox.applicationUrl);
    expect(await platform.variable('NOT_THERE')).toBeUndefined();
  });

  it('counts how users were answered, and not what was before or is of another service', async () => {
    const get = async (path: string) =>
      (await request(`${sandbox.railway.applicationUrl}${path}`, { reset: true })).body.dump();
    await get('/api/version');
    const from = new Date(Math.ceil((Date.now() + 1) / 1_000) * 1_000).toISOString();
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(from));
    await Promise.all([get('/api/version'), get('/api/version'), get('/nowhere')]);
    const to = new Date(Date.now() + 1).toISOString();
    const counted = await platform.requestsByStatus(from, to);
    expect(counted.toSorted((a, b) => a.status - b.status)).toEqual([
      { status: 200, requests: 2 },
      { status: 404, requests: 1 },
    ]);
    expect(await platform.requestsByStatus(to, from)).toEqual([]);
    const stranger = createRailwayPlatform({ ...access, serviceId: 'another' });
    await expect(stranger.requestsByStatus(from, to)).rejects.toMatchObject({
      type: 'provider-unauthorized',
    });
  });

  it('adds up the steps of a period, without one that began before it', async () => {
    const from = '2026-01-01T00:00:00.500Z';
    const began = Date.parse('2026-01-01T00:00:00Z') / 1_000;
    const samples = [
      { ts: began, value: 90 },
      { ts: began + 10, value: 1.98 },
      { ts: began + 20, value: 0.99 },
    ];
    const httpMetricsGroupedByStatus = [
      { statusCode: 200, samples },
      { statusCode: 500, samples: [] },
    ];
    sandbox.railway.faults.set('httpMetricsGroupedByStatus', {
      kind: 'answer',
      status: 200,
      body: JSON.stringify({ data: { httpMetricsGroupedByStatus } }),
    });
    expect(await platform.requestsByStatus(from, '2026-01-01T00:02:00.000Z')).toEqual([
      { status: 200, requests: 3 },
    ]);
    const asked = sandbox.railway.calls.all('httpMetricsGroupedByStatus').at(-1)?.body;
    expect(asked).toContain('"startDate":"2026-01-01T00:00:01.000Z","endDate":"2026-01-01T00:02:00.000Z"');
    expect(asked).toContain('"stepSeconds":9');
  });

  it('tells which commit was built, and when the status changed', async () => {
    const active = await running();
    expect(active?.commit).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      branch: 'main',
      repository: 'vendhub/vendhub',
      subject: expect.stringMatching(/^Release v\d/),
    });
    await platform.restartDeployment(String(active?.id));
    await settled();
    const restarted = await running();
    expect(restarted?.id).toBe(active?.id);
    expect(Date.parse(restarted?.statusChangedAt ?? '')).toBeGreaterThan(
      Date.parse(active?.statusChangedAt ?? ''),
    );
  });

  it('reads what a build wrote', async () => {
    const failed = sandbox.railway.service.pushVersion('v8-build-fails');
    await settled();
    expect((await platform.deployments())[0]).toMatchObject({ id: failed?.id, status: 'failed' });
    const lines = (await platform.buildLogs(String(failed?.id), 50)).map(({ message }) => message);
    expect(lines.at(-1)).toBe('Build failed: command exited with code 2');
    expect(lines.join()).toContain('error TS2304');
  });

  it('sets variables without deploying, leaves the others, and never asks to replace them', async () => {
    const before = await platform.variables();
    const deploymentsBefore = (await platform.deployments()).length;
    await platform.setVariables({ GREETING: 'hello', PRICE_LIST: 'summer' });
    expect(await platform.variables()).toEqual({ ...before, GREETING: 'hello', PRICE_LIST: 'summer' });
    await settled();
    expect(await platform.deployments()).toHaveLength(deploymentsBefore);
    const [call] = sandbox.railway.calls.all('variableCollectionUpsert');
    expect(call?.body).toContain('"replace":false');
    expect(call?.body).not.toContain('hello');
  });

  it('keeps what Railway itself provides out of the variables that can be set', async () => {
    sandbox.railway.service.setVariable('RAILWAY_GIT_BRANCH', 'main', true);
    expect(Object.keys(await platform.variables())).not.toContain('RAILWAY_GIT_BRANCH');
    expect(await platform.variable('RAILWAY_GIT_BRANCH')).toBe('main');
  });

  it('takes a project token', async () => {
    const { token } = sandbox.railway;
    const project = createRailwayPlatform({ ...access, token: { kind: 'project', value: token } });
    expect(await project.deployments()).not.toEqual([]);
  });
});

describe("Railway's failures", () => {
  const set = (fault: Parameters<typeof sandbox.railway.faults.set>[1]) =>
    sandbox.railway.faults.set('deployments', fault);
  const answer = (status: number, body: string, headers: Record<string, string> = {}) =>
    set({ kind: 'answer', status, body, headers });

  it('a wrong token is not authorized, and is not shown', async () => {
    const stranger = createRailwayPlatform({ ...access, token: { kind: 'bearer', value: 'wrong-token' } });
    const failure = await stranger.deployments().catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'provider-unauthorized', retried: false });
    expect(String(failure)).not.toContain('wrong-token');
  });

  it.for([401, 403])('HTTP %i is not authorized either', async (status) => {
    answer(status, '');
    await expect(platform.deployments()).rejects.toMatchObject({ type: 'provider-unauthorized' });
  });

  it('too many requests say how long to wait', async () => {
    answer(429, '', { 'retry-after': '7' });
    await expect(platform.deployments()).rejects.toMatchObject({
      type: 'provider-rate-limited',
      retried: true,
      retryAfterMs: 7_000,
    });
  });

  it('an error of Railway’s own is tried again', async () => {
    answer(502, '<html>Bad gateway</html>');
    await expect(platform.deployments()).rejects.toMatchObject({
      type: 'provider-unavailable',
      retried: true,
    });
  });

  it('so is a connection that breaks', async () => {
    set({ kind: 'drop-before' });
    await expect(platform.deployments()).rejects.toMatchObject({ type: 'provider-unavailable' });
    const nobody = createRailwayPlatform({ ...access, endpoint: 'http://127.0.0.1:1/graphql/v2' });
    await expect(nobody.deployments()).rejects.toMatchObject({
      type: 'provider-unavailable',
      explanation: { happened: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it('no answer in time is a timeout', async () => {
    set({ kind: 'latency', ms: 60_000 });
    const hasty = createRailwayPlatform({ ...access, timeoutMs: 50 });
    await expect(hasty.deployments()).rejects.toMatchObject({ type: 'provider-timeout', retried: true });
  });

  it('a refusal carries Railway’s words, without the token', async () => {
    answer(200, JSON.stringify({ errors: [{ message: `Problem with ${access.token.value}` }], data: null }));
    await expect(platform.deployments()).rejects.toMatchObject({
      type: 'provider-refused',
      explanation: { happened: 'Railway refused when reading the deployments: Problem with ….' },
    });
  });

  it.for(['no JSON', '[]', '{"data":null}', '{"data":{"deployments":{"edges":[{"node":{"id":1}}]}}}'])(
    '%s is an answer that is not understood',
    async (body) => {
      answer(200, body);
      await expect(platform.deployments()).rejects.toMatchObject({
        type: 'provider-answer-unknown',
        retried: false,
      });
    },
  );

  it('a mutation that answers false is a refusal', async () => {
    sandbox.railway.faults.set('deploymentStop', {
      kind: 'answer',
      status: 200,
      body: '{"data":{"deploymentStop":false}}',
    });
    await expect(platform.stopDeployment('x')).rejects.toMatchObject({ type: 'provider-refused' });
  });

  it('a status that is not known yet is no failure', async () => {
    const node = {
      id: 'd',
      status: 'THAWING',
      createdAt: '2026-01-01T00:00:00.000Z',
      canRollback: false,
      canRedeploy: false,
      deploymentStopped: false,
      meta: { commitHash: 'x; rm -rf /', branch: 7 },
    };
    answer(200, JSON.stringify({ data: { deployments: { edges: [{ node }] } } }));
    expect(await platform.deployments()).toMatchObject([
      { status: 'unknown', rawStatus: 'THAWING', statusChangedAt: null, commit: null },
    ]);
  });
});
