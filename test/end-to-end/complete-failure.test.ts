import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { taskQueue } from '../../workflows/contracts/names.ts';
import { temporaryFolderRoot } from '../sandbox/postgres/index.ts';
import { type SandboxStandby, startSandboxStandby } from '../sandbox/standby/index.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { customersServed, salesOf } from './truth.ts';

let production: TestProduction;
let standby: SandboxStandby;
let serverFolder: string;

beforeAll(async () => {
  serverFolder = await mkdtemp(join(await temporaryFolderRoot(), 'vendhub-standby-'));
  production = await startProduction({
    workerEnvironment: async ({ folder, railway }) => {
      standby = await startSandboxStandby({ folder, serverFolder, productionUrl: railway.applicationUrl });
      return { ...standby.environment, APPLICATION_HEALTH_URL: `${standby.frontDoor.url}/health` };
    },
  });
}, 240_000);
afterAll(async () => {
  await standby?.stop();
  await production?.stop();
  await rm(serverFolder, { recursive: true, force: true });
}, 60_000);

const input = {
  environment: 'sandbox',
  startedBy: 'oncall',
  reason: 'neither provider answers',
  incidentAt: null,
  target: null,
} as const;

async function operation(type: string, args: Record<string, unknown> = {}): Promise<void> {
  await production.sandbox.temporal.environment.client.workflow.execute(type, {
    taskQueue,
    workflowId: `${type}-${Date.now()}`,
    args: [{ environment: 'sandbox', startedBy: 'test', ...args }],
  });
}

async function databasesOfStandby(): Promise<string[]> {
  const client = new Client({ connectionString: standby.environment['STANDBY_DATABASE_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT datname AS name FROM pg_database WHERE datname LIKE 'vendhub%'`,
    );
    return z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name);
  } finally {
    await client.end();
  }
}

const healthAt = (url: string) =>
  fetch(`${url}/health`).then(
    ({ status }) => status,
    () => null,
  );

describe('a recovery from complete failure', () => {
  it('does not give up a production that works', async () => {
    await operation('backup', { tier: 'recent' });
    await operation('backUpConfiguration');
    const recovery = await Recovery.launch(production.sandbox, input, 'complete-failure');
    const failed = await recovery.asked('failed-step', 'assess-providers');
    expect(failed.answers).toContain('skip');
    await recovery.accepted('abort', { reason: 'it works' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { destroyed: false } });
  }, 120_000);

  it('rebuilds production elsewhere while no provider answers, and removes it again when it is not wanted', async () => {
    const { sandbox } = production;
    const traffic = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await customersServed(traffic, sandbox);
    await operation('backup', { tier: 'recent' });
    await customersServed(traffic, sandbox);
    await traffic.stop();
    const before = await salesOf(sandbox);
    const incidentAt = new Date().toISOString();
    await Promise.all([sandbox.railway.stop(), sandbox.supabase.stop()]);
    await sandbox.postgres.stop('immediate');
    expect(await healthAt(standby.frontDoor.url)).not.toBe(200);

    const rejected = await Recovery.launch(sandbox, { ...input, incidentAt }, 'complete-failure');
    const gate = await rejected.asked('approval', 'switch-over');
    const facts = gate.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toMatch(/^LOST: everything committed after 20/m);
    expect(facts).toMatch(/^Backup: recent\/backup-/m);
    expect(await healthAt(standby.applicationUrl)).toBe(200);
    expect(await databasesOfStandby()).toHaveLength(1);
    await rejected.accepted('reject', { decision: gate.id, reason: 'wait for the provider' });
    expect(await rejected.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    expect(await databasesOfStandby()).toEqual([]);
    expect(await healthAt(standby.applicationUrl)).toBeNull();

    const recovery = await Recovery.launch(sandbox, { ...input, incidentAt }, 'complete-failure');
    await recovery.approve('switch-over');
    const manual = await recovery.asked('manual-step', 'keep-old-production-stopped');
    await recovery.accepted('confirm', { decision: manual.id, reason: 'support was told' });
    const report = await recovery.result();

    expect(report).toMatchObject({ outcome: 'recovered', rto: { met: true }, rpo: { met: true } });
    expect(report.status.measures).toEqual([]);
    expect(standby.frontDoor.upstream()).toBe(standby.applicationUrl);
    expect(await healthAt(standby.frontDoor.url)).toBe(200);
    const snapshotAt = report.verification?.newestCommitAt ?? '';
    const kept = before.filter(({ committedAt }) => committedAt < snapshotAt);
    const later = before.filter(({ committedAt }) => committedAt > snapshotAt);
    const rebuilt = await rebuiltSales((await databasesOfStandby())[0] ?? '');
    expect(kept.filter(({ receipt, content }) => rebuilt.get(receipt) !== content)).toEqual([]);
    expect(later.filter(({ receipt }) => rebuilt.has(receipt))).toEqual([]);
    expect(kept.length).toBeGreaterThan(0);
    expect(later.length).toBeGreaterThan(0);

    const customers = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await expect.poll(() => customers.totals().acknowledged, { timeout: 20_000 }).toBeGreaterThan(5);
    await customers.stop();
  }, 300_000);
});

async function rebuiltSales(database: string): Promise<Map<string, string>> {
  const url = new URL(standby.environment['STANDBY_DATABASE_URL'] ?? '');
  url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`SET TimeZone = 'UTC'`);
    const { rows } = await client.query('SELECT receipt::text, sales::text AS content FROM public.sales');
    const sales = z.array(z.object({ receipt: z.string(), content: z.string() })).parse(rows);
    return new Map(sales.map(({ receipt, content }) => [receipt, content]));
  } finally {
    await client.end();
  }
}
