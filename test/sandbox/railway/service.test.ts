import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../postgres/condition.ts';
import { startTestRailway } from './test-railway.ts';

// Processes are started here; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let sandbox: Awaited<ReturnType<typeof startTestRailway>>;

beforeAll(async () => {
  sandbox = await startTestRailway({ maxRestarts: 1, restartDelayMs: 10, buildMs: 30, deployMs: 10 });
});
afterAll(() => sandbox.stop());
afterEach(() => sandbox.railway.faults.clear());

const ask = async (
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = { authorization: `Bearer ${sandbox.railway.token}` },
) => {
  const { statusCode, body } = await request(sandbox.railway.endpoint, {
    method: 'POST',
    reset: true,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: statusCode, body: await body.json() };
};
const application = async (path: string) => {
  const { body } = await request(`${sandbox.railway.applicationUrl}${path}`, { reset: true });
  return body.json();
};
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const settled = () => sandbox.railway.service.settled();
const deployments = () => sandbox.railway.service.deployments();
const activeId = () => sandbox.railway.service.active()?.id;

describe("the sandbox's Railway", () => {
  it('runs the application and answers for it', async () => {
    expect(await application('/api/version')).toEqual({ version: 'v2' });
    const { ids } = sandbox.railway;
    const answer = await ask(
      `query($input: DeploymentListInput!) { deployments(input: $input, first: 2) {
        edges { node { id status canRollback deploymentStopped } } pageInfo { hasNextPage } } }`,
      { input: ids },
    );
    expect(answer).toMatchObject({
      status: 200,
      body: {
        data: {
          deployments: {
            edges: [
              { node: { id: activeId(), status: 'SUCCESS', canRollback: false, deploymentStopped: false } },
              { node: { status: 'FAILED' } },
            ],
            pageInfo: { hasNextPage: true },
          },
        },
      },
    });
  });

  it('refuses with HTTP 200 and errors, and notes that nothing was changed', async () => {
    const writes = sandbox.railway.calls.writes().length;
    const [failed] = deployments().filter(({ status }) => status === 'FAILED');
    const refused = await ask('mutation($id: String!) { deploymentRollback(id: $id) }', { id: failed?.id });
    expect(refused).toMatchObject({
      status: 200,
      body: { errors: [{ message: expect.stringContaining('cannot be rolled back') }] },
    });
    const stranger = await ask('{ project(id: "x") { name } }', {}, { authorization: 'Bearer wrong' });
    expect(stranger).toMatchObject({ status: 200, body: { errors: [{ message: 'Not Authorized' }] } });
    expect(sandbox.railway.calls.writes()).toHaveLength(writes);
  });

  it('answers 400 to a document that does not fit the schema', async () => {
    expect((await ask('mutation { deploymentStop(id: "x") { id } }')).status).toBe(400);
  });

  it('takes project tokens, and never logs the value of a variable', async () => {
    const { projectId, environmentId, serviceId } = sandbox.railway.ids;
    const input = { projectId, environmentId, serviceId, name: 'SECRET', value: 'hush', skipDeploys: true };
    const answer = await ask(
      'mutation($input: VariableUpsertInput!) { variableUpsert(input: $input) }',
      { input },
      { 'project-access-token': sandbox.railway.token },
    );
    expect(answer.body).toEqual({ data: { variableUpsert: true } });
    expect(sandbox.railway.service.variables['SECRET']).toBe('hush');
    expect(sandbox.railway.calls.all('variableUpsert')).toHaveLength(1);
    expect(JSON.stringify(sandbox.railway.calls.all())).not.toContain('hush');
  });

  it('deploys a push while auto-deploy is on, and brings old code and old variables back by a rollback', async () => {
    const before = activeId();
    const { service } = sandbox.railway;
    service.setVariable('GREETING', 'new', true);
    service.pushVersion('v3');
    expect(deployments()[0]?.status).toBe('BUILDING');
    await settled();
    expect(await application('/api/version')).toEqual({ version: 'v3' });
    expect(service.variables['GREETING']).toBe('new');

    service.autoDeploy = false;
    expect(service.pushVersion('v4')).toBeUndefined();
    service.autoDeploy = true;

    const answer = await ask('mutation($id: String!) { deploymentRollback(id: $id) }', { id: before });
    expect(answer.body).toEqual({ data: { deploymentRollback: true } });
    await settled();
    expect(await application('/api/version')).toEqual({ version: 'v2' });
    expect(service.variables['GREETING']).toBeUndefined();
  });

  it('starts a crashed process again', async () => {
    const pid = sandbox.railway.service.active()?.replica?.pid();
    process.kill(Number(pid), 'SIGKILL');
    await until('another process answers', 10_000, async () => {
      const now = sandbox.railway.service.active()?.replica?.pid();
      const answers = await application('/api/version').catch(() => undefined);
      return answers !== undefined && now !== pid ? true : undefined;
    });
  });

  it('gives up after so many crashes, keeps the logs, and goes back by a rollback', async () => {
    const before = activeId();
    const crashing = sandbox.railway.service.pushVersion('v3-crash-on-start');
    await settled();
    expect(crashing?.status).toBe('CRASHED');
    expect(crashing?.logs.filter(({ message }) => message === 'fatal')).toHaveLength(2);
    expect(await application('/health')).toMatchObject({
      code: 502,
      message: 'Application failed to respond',
    });
    await ask('mutation($id: String!) { deploymentRollback(id: $id) }', { id: before });
    await settled();
    expect(await application('/health')).toEqual({ status: 'ok' });
  });

  it('runs a version that crashes under load', async () => {
    const fragile = sandbox.railway.service.pushVersion('v4-crash-after-2-requests');
    await settled();
    await until('crashed for good', 15_000, async () => {
      await application('/api/version').catch(() => undefined);
      return fragile?.status === 'CRASHED' || undefined;
    });
    const restarted = await ask('mutation($id: String!) { deploymentRestart(id: $id) }', { id: fragile?.id });
    expect(restarted.body).toEqual({ data: { deploymentRestart: true } });
    await settled();
    expect(fragile?.status).toBe('SUCCESS');
  });

  it('counts what users were answered, by the edge: errors of the application, and 502 while none runs', async () => {
    const { service, ids } = sandbox.railway;
    service.pushVersion('v5-fails-every-3-requests');
    await settled();
    const { environmentId, serviceId } = ids;
    const startDate = new Date(Math.floor(Date.now() / 1_000 + 1) * 1_000).toISOString();
    await until('a whole second', 2_000, () => new Date().toISOString() > startDate || undefined);
    for (let n = 0; n < 7; n += 1) await application('/api/version');
    service.stop(String(activeId()));
    await settled();
    for (let n = 0; n < 4; n += 1) await application('/health');
    const endDate = new Date(Date.now() + 1).toISOString();
    const variables = { environmentId, serviceId, startDate, endDate };
    const counted = `query($environmentId: String!, $serviceId: String!, $startDate: DateTime!, $endDate: DateTime!) {
      httpMetricsGroupedByStatus(
        environmentId: $environmentId, serviceId: $serviceId, startDate: $startDate, endDate: $endDate
      ) { statusCode samples { ts value } }
    }`;
    const ts = Date.parse(startDate) / 1_000;
    const answers = (statusCode: number, value: number) => ({ statusCode, samples: [{ ts, value }] });
    expect((await ask(counted, variables)).body).toEqual({
      data: { httpMetricsGroupedByStatus: [answers(200, 5), answers(500, 2), answers(502, 4)] },
    });
    const strange = [{ serviceId: 'another' }, { startDate: 'yesterday' }].map(async (wrong) => {
      const { body } = await ask(counted, { ...variables, ...wrong });
      return body;
    });
    expect(await Promise.all(strange)).toMatchObject([
      { errors: [{ message: 'Not Authorized' }] },
      { errors: [{ message: expect.stringContaining('startDate') }] },
    ]);
    service.deploy({ version: 'v2', variables: service.variables, build: false });
    await settled();
  });

  it('cancels a build under way and leaves what runs alone', async () => {
    const before = activeId();
    sandbox.railway.faults.switchOn('deployment-stuck');
    const pushed = sandbox.railway.service.pushVersion('v5');
    await ask('mutation($id: String!) { deploymentCancel(id: $id) }', { id: pushed?.id });
    await settled();
    expect(pushed?.status).toBe('REMOVED');
    expect(activeId()).toBe(before);
  });

  it('fails as it is told to', async () => {
    sandbox.railway.faults.set(
      'project',
      { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
      1,
    );
    const { statusCode, headers } = await request(sandbox.railway.endpoint, {
      method: 'POST',
      reset: true,
      body: JSON.stringify({ query: '{ project(id: "x") { name } }' }),
    });
    expect([statusCode, headers['retry-after']]).toEqual([429, '7']);
  });
});

describe('the application', () => {
  it('ends when its supervisor is killed', async () => {
    const owner = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'orphan-owner.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = await once(owner.stdout, 'data');
    const pid = Number(String(chunk));
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGKILL');
    await until('the application is gone', 10_000, () => !isAlive(pid) || undefined);
  });

  it('is gone, with all its database sessions, when the sandbox stops', async () => {
    const own = await startTestRailway();
    const pid = Number(own.railway.service.active()?.replica?.pid());
    expect(isAlive(pid)).toBe(true);
    await own.railway.stop();
    expect(isAlive(pid)).toBe(false);
    const client = new Client({ connectionString: own.operatorUrl });
    await client.connect();
    const { rows } = await client.query(
      "SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE usename = 'vendhub_app'",
    );
    await client.end();
    await own.cluster.dispose();
    expect(rows).toEqual([{ sessions: 0 }]);
  });
});
