import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRailwayPlatform, type RailwayAccess } from '../../../../activities/adapters/railway/index.ts';
import type { ApplicationPlatform } from '../../../../activities/ports.ts';
import { startTestRailway } from '../../../sandbox/railway/test-railway.ts';

// Processes are started here; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let sandbox: Awaited<ReturnType<typeof startTestRailway>>;
let access: RailwayAccess;
let platform: ApplicationPlatform;

beforeAll(async () => {
  sandbox = await startTestRailway();
  const { endpoint, token, ids } = sandbox.railway;
  access = { endpoint, token: { kind: 'bearer', value: token }, ...ids, timeoutMs: 10_000 };
  platform = createRailwayPlatform(access);
});
afterAll(() => sandbox.stop());

const settled = () => sandbox.railway.service.settled();
const running = async () => (await platform.deployments()).find(({ status }) => status === 'running');

const changes = [
  ['deploymentStop', (railway, id) => railway.stopDeployment(id)],
  ['deploymentRestart', (railway, id) => railway.restartDeployment(id)],
  ['deploymentRollback', (railway, id) => railway.rollbackTo(id)],
  ['deploymentCancel', (railway, id) => railway.cancelDeployment(id)],
  ['deploymentRedeploy', (railway, id) => railway.redeploy(id)],
  ['serviceInstanceAutoDeployUpdate', (railway) => railway.setAutoDeploy(true)],
  ['variableCollectionUpsert', (railway) => railway.setVariables({ GREETING: 'again' })],
] as const satisfies readonly (readonly [
  string,
  (railway: ApplicationPlatform, id: string) => Promise<unknown>,
])[];

/** A deployment that the operation can be asked for. */
async function suitable(operation: string): Promise<string> {
  const { service, faults } = sandbox.railway;
  if (operation === 'deploymentCancel') {
    faults.switchOn('deployment-stuck');
    return String(service.pushVersion('v9')?.id);
  }
  const found = (await platform.deployments()).find(({ status, canRollback }) =>
    operation === 'deploymentRollback' ? canRollback : status === 'running',
  );
  return String(found?.id);
}

describe.for(changes)('%s', ([operation, change]) => {
  const seen = () => sandbox.railway.calls.all(operation);
  const carriedOut = () => seen().filter(({ ran }) => ran).length;

  afterEach(async () => {
    sandbox.railway.faults.clear();
    await settled();
    if ((await running()) !== undefined) return;
    sandbox.railway.service.deploy({
      version: 'v2',
      variables: { DATABASE_URL: sandbox.applicationUrl },
      build: false,
    });
    await settled();
  });

  it('is sent once when the answer is lost, and says that nobody knows', async () => {
    const id = await suitable(operation);
    const [sent, done] = [seen().length, carriedOut()];
    sandbox.railway.faults.set(operation, { kind: 'drop-after' });
    await expect(change(platform, id)).rejects.toMatchObject({ type: 'provider-unavailable', retried: true });
    expect([seen().length, carriedOut()]).toEqual([sent + 1, done + 1]);
  });

  it('is sent once when Railway is slow, and says that nobody knows', async () => {
    const id = await suitable(operation);
    const sent = seen().length;
    sandbox.railway.faults.set(operation, { kind: 'latency', ms: 500 });
    const hasty = createRailwayPlatform({ ...access, timeoutMs: 100 });
    await expect(change(hasty, id)).rejects.toMatchObject({ type: 'provider-timeout', retried: true });
    expect(seen()).toHaveLength(sent + 1);
    // The request goes on at the provider, as it may there.
    await vi.waitFor(() => expect(seen().at(-1)?.ran).toBe(true), { timeout: 60_000 });
  });

  it('waits as long as Railway asks, and is not carried out meanwhile', async () => {
    const done = carriedOut();
    sandbox.railway.faults.set(operation, { kind: 'answer', status: 429, headers: { 'retry-after': '3' } });
    await expect(change(platform, 'any')).rejects.toMatchObject({
      type: 'provider-rate-limited',
      retried: true,
      retryAfterMs: 3_000,
    });
    expect(carriedOut()).toBe(done);
  });

  it('names a refusal, which Railway sends with status 200', async () => {
    const errors = [{ message: 'Problem processing request' }];
    sandbox.railway.faults.set(operation, {
      kind: 'answer',
      status: 200,
      body: JSON.stringify({ errors, data: null }),
    });
    await expect(change(platform, 'any')).rejects.toMatchObject({ type: 'provider-refused', retried: false });
  });
});
