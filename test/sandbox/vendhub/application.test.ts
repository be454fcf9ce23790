import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../postgres/condition.ts';
import { freeServerPort } from '../process/free-port.ts';
import { type ApplicationProcess, startApplicationProcess } from '../railway/application-process.ts';
import { applicationCidr } from './local-address.ts';
import { seeded } from './seed.ts';
import { startTestVendHubDatabase } from './test-vendhub.ts';
import { startTraffic } from './traffic.ts';

let database: Awaited<ReturnType<typeof startTestVendHubDatabase>>;
let folder: string;
let recordFile: string;
let port: number;
let application: ApplicationProcess;
const lines: string[] = [];

const get = async (path: string) => {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, { reset: true });
  return { status: statusCode, body: await body.text() };
};
const post = async (sale: unknown) => {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/api/sales`, {
    method: 'POST',
    reset: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sale),
  });
  return { status: statusCode, body: await body.json() };
};
const healthStatus = () => get('/health').then(({ status }) => status);
/** Whether it says of itself that it is not healthy, and this; a connection that was just lost says something else once. */
const isIll = async (why: string) => {
  const { status, body } = await get('/health');
  return (status === 503 && body.includes(why)) || undefined;
};
const queryAs = async (url: string, sql: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return result.rows;
  } finally {
    await client.end();
  }
};

beforeAll(async () => {
  database = await startTestVendHubDatabase();
  folder = await mkdtemp(join(tmpdir(), 'vendhub-test-'));
  recordFile = join(folder, 'dispensed');
  port = await freeServerPort();
  application = startApplicationProcess({
    version: 'v1',
    variables: { DATABASE_URL: database.applicationUrl, VENDHUB_DISPENSE_RECORD: recordFile },
    port,
    onLine: (line) => lines.push(line),
  });
  await until('VendHub is healthy', 60_000, async () =>
    (await healthStatus().catch(() => undefined)) === 200 ? true : undefined,
  );
});

afterAll(async () => {
  await application.terminate();
  await database.cluster.dispose();
  await rm(folder, { recursive: true });
});

describe('VendHub', () => {
  it('records a sale and dispenses it exactly once', async () => {
    const sold = await post({ machineId: 1, productId: 2, userId: 3 });
    expect(sold).toMatchObject({ status: 201, body: { id: seeded.sales + 1 } });
    const job = `SELECT id, status FROM dispense_jobs WHERE sale_id = ${seeded.sales + 1}`;
    const id = await until('the job is done', 60_000, async () => {
      const [row] = await queryAs(database.operatorUrl, job);
      return row?.[1] === 'done' ? String(row[0]) : undefined;
    });
    const dispensed = await until('the machine has recorded it', 60_000, async () => {
      const record = (await readFile(recordFile, 'utf8').catch(() => '')).split('\n').filter(Boolean);
      return record.length > 0 ? record : undefined;
    });
    expect(dispensed).toEqual([id]);
  });

  it('refuses a sale that names nothing it knows', async () => {
    expect(await post({ machineId: 1, productId: 9_999, userId: 1 })).toMatchObject({ status: 422 });
    expect(await post({ machineId: 9_999, productId: 1, userId: 1 })).toMatchObject({ status: 422 });
    expect(await post({ machineId: 'one' })).toMatchObject({ status: 400 });
  });

  it('counts what it has', async () => {
    expect(await get('/api/users/count')).toEqual({ status: 200, body: `{"count":${seeded.users}}` });
    expect(JSON.parse((await get('/api/products')).body)).toHaveLength(seeded.products);
  });

  it('says why it is not healthy while the database is down, and recovers by itself', async () => {
    await database.cluster.stop('immediate');
    await until('it says so', 60_000, () => isIll('ECONNREFUSED'));
    expect(await post({ machineId: 1, productId: 1, userId: 1 })).toMatchObject({ status: 503 });
    await database.cluster.start();
    await until('healthy again', 60_000, async () => (await healthStatus()) === 200 || undefined);
  });

  it('is shut out by a network restriction that leaves the operator in', async () => {
    await database.cluster.setNetworkRestrictions(['127.0.0.1/32']);
    await queryAs(
      database.operatorUrl,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'vendhub_app'",
    );
    await until('shut out', 60_000, () => isIll('no pg_hba.conf entry'));
    expect(await queryAs(database.operatorUrl, 'SELECT 1')).toEqual([[1]]);

    await database.cluster.setNetworkRestrictions(['127.0.0.1/32', applicationCidr]);
    await until('let in', 60_000, async () => (await healthStatus()) === 200 || undefined);
  });

  it('keeps being sold from while it answers, and its customers know every acknowledged sale', async () => {
    const traffic = startTraffic({ applicationUrl: `http://127.0.0.1:${port}`, perSecond: 100 });
    await until('some sales', 60_000, () => traffic.totals().acknowledged >= 5 || undefined);
    await database.cluster.stop('immediate');
    const before = traffic.totals();
    await until('refusals', 60_000, () => traffic.totals().refused > before.refused || undefined);
    await database.cluster.start();
    const down = traffic.totals();
    await until('sales again', 60_000, () => traffic.totals().acknowledged > down.acknowledged || undefined);
    const { acknowledged, sales } = await traffic.stop();
    expect(sales).toHaveLength(acknowledged);
    const recorded = await queryAs(
      database.operatorUrl,
      `SELECT count(*)::int FROM sales WHERE receipt IN (${sales.map(({ receipt }) => `'${receipt}'`).join()})`,
    );
    expect(recorded).toEqual([[acknowledged]]);
  });

  it('logs JSON lines without the password', () => {
    const { password } = new URL(database.applicationUrl);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 'info', message: 'listening', version: 'v1', port }),
    );
    expect(password).not.toBe('');
    expect(lines.join('\n')).not.toContain(password);
  });

  it('says which variables are missing and ends', async () => {
    const output: string[] = [];
    const broken = startApplicationProcess({
      version: 'v1',
      variables: {},
      port: await freeServerPort(),
      onLine: (line) => output.push(line),
    });
    expect(await broken.ended).toBe('code 1');
    expect(JSON.parse(output.join(''))).toMatchObject({ problems: ['DATABASE_URL is missing'] });
  });
});

describe("VendHub's roles", () => {
  it('give the operator what Supabase gives, and no more', async () => {
    expect(
      await queryAs(
        database.operatorUrl,
        'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user',
      ),
    ).toEqual([[false, true, true]]);
    await expect(queryAs(database.operatorUrl, 'CREATE ROLE more SUPERUSER')).rejects.toThrow(
      /permission denied/,
    );
  });

  it('let the application change rows and nothing else', async () => {
    await expect(queryAs(database.applicationUrl, 'CREATE TABLE more ()')).rejects.toThrow(
      /permission denied/,
    );
    await expect(queryAs(database.applicationUrl, 'TRUNCATE sales')).rejects.toThrow(/permission denied/);
  });

  it("let the operator change the application's password", async () => {
    const { password } = new URL(database.applicationUrl);
    const changed = new URL(database.applicationUrl);
    changed.password = 'rotated';
    await queryAs(database.operatorUrl, "ALTER ROLE vendhub_app PASSWORD 'rotated'");
    expect(await queryAs(changed.href, 'SELECT 1')).toEqual([[1]]);
    await expect(queryAs(database.applicationUrl, 'SELECT 1')).rejects.toThrow(/password authentication/);
    await queryAs(database.operatorUrl, `ALTER ROLE vendhub_app PASSWORD '${decodeURIComponent(password)}'`);
  });
});
