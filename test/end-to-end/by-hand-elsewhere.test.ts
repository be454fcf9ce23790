import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderProcedure } from '../../worker/local/procedure/render.ts';
import { taskQueue } from '../../workflows/contracts/names.ts';
import { completeFailureRunbook } from '../../workflows/scenarios/complete-failure.ts';
import { sandboxPolicy } from '../sandbox/policy.ts';
import { temporaryFolderRoot } from '../sandbox/postgres/index.ts';
import { type SandboxStandby, startSandboxStandby } from '../sandbox/standby/index.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { followPaper, hasPrograms } from '../worker/local/procedure/by-hand.ts';
import { startProduction, type TestProduction } from './production.ts';
import { leaks, secretsOf } from './secrets.ts';
import { aroundSnapshot, customersServed, salesOf } from './truth.ts';

let production: TestProduction;
let standby: SandboxStandby;
let serverFolder: string;

beforeAll(async () => {
  serverFolder = await mkdtemp(join(await temporaryFolderRoot(), 'vendhub-standby-'));
  production = await startProduction();
  standby = await startSandboxStandby({ production: production.sandbox, serverFolder });
});
afterAll(async () => {
  await standby?.stop();
  await production?.stop();
  await rm(serverFolder, { recursive: true, force: true });
});

async function operation<Result>(type: string, args: Record<string, unknown> = {}): Promise<Result> {
  const { client } = production.sandbox.temporal.environment;
  return client.workflow.execute(type, {
    taskQueue,
    workflowId: `${type}-${Date.now()}`,
    args: [{ environment: 'sandbox', startedBy: 'test', ...args }],
  });
}

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

describe.runIf(await hasPrograms())('the paper procedure of complete failure, typed into a shell', () => {
  it('rebuilds production from a stored backup while no provider, no worker and no Temporal answers', async () => {
    const { sandbox } = production;
    const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
    await customersServed(traffic, sandbox);
    await operation('backup', { tier: 'recent' });
    await operation('backUpConfiguration');
    await customersServed(traffic, sandbox);
    await traffic.stop();
    const before = await salesOf(sandbox);
    const secrets = secretsOf(sandbox);
    await production.worker().stop();
    await Promise.all([sandbox.railway.stop(), sandbox.supabase.stop()]);
    await sandbox.postgres.stop('immediate');

    const environment = {
      ...sandbox.environment,
      ...standby.environment,
      APPLICATION_HEALTH_URL: `${standby.frontDoor.url}/health`,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    };
    const paper = renderProcedure(completeFailureRunbook, sandboxPolicy);
    // As a person does who looks at the list and then names the newest.
    const ids = completeFailureRunbook.steps.map(({ id }) => id);
    const listed = await followPaper(
      paper.replace(/^note place [\s\S]*?^```$/m, '```'),
      environment,
      ids.filter((id) => id !== 'choose-standby-source'),
    );
    const keys = [...([...listed.values()].join('\n').match(/^recent\/backup-\S+\.json\.gz\.enc$/gm) ?? [])];
    expect(keys.length).toBeGreaterThan(0);
    const printed = await followPaper(
      paper,
      { ...environment, PLACE: 'S3', BACKUP: keys.at(-1) ?? '', APPROVED_BY: 'anna' },
      [
        'pause-deployments',
        'stop-application',
        'fence-database',
        'rotate-standby-credentials',
        'rotate-standby-by-hand',
        'prove-standby-credentials',
      ],
    );
    const said = [...printed].map(([step, text]) => `${step}\n${text}`).join('\n');
    expect(said).toContain('Supabase: no answer');
    expect(said.match(/^authentic$/gm)).toHaveLength(2);
    expect(said).toMatch(/^Loaded \d+ rows/m);
    expect(said).toContain('every row is there');
    expect(leaks(said, secrets)).toEqual([]);

    expect(standby.frontDoor.upstream()).toBe(standby.applicationUrl);
    const database = /noted standby-database: (\S+)/.exec(said)?.[1] ?? '';
    const snapshotAt = /"snapshotAt": "([^"]+)"/.exec(said)?.[1] ?? '';
    const rebuilt = await rebuiltSales(database);
    const { kept, later } = aroundSnapshot(before, snapshotAt);
    expect(kept.filter(({ receipt, content }) => rebuilt.get(receipt) !== content)).toEqual([]);
    expect(later.filter(({ receipt }) => rebuilt.has(receipt))).toEqual([]);
    const sold = new Set(before.map(({ receipt }) => receipt));
    expect([...rebuilt.keys()].filter((receipt) => !sold.has(receipt))).toEqual([]);
    expect(kept.length).toBeGreaterThan(5_000);
    expect(later.length).toBeGreaterThan(0);

    const customers = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await expect.poll(() => customers.totals().acknowledged).toBeGreaterThan(5);
    await customers.stop();
  });
});
