import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordBaseline } from '../../../activities/evidence/baselines.ts';
import type { SignalName } from '../../../workflows/contracts/monitoring.ts';
import { startMonitoredWorld, type watching } from './world.ts';

/** Signals that speak for no runbook by themselves, and what a first look is held against. */
describe('the monitor tells', () => {
  let world: Awaited<ReturnType<typeof startMonitoredWorld>>;
  const clients: Client[] = [];
  const runningMs = 300;

  beforeAll(async () => {
    world = await startMonitoredWorld();
    const { slowQueries } = world.policy.monitor;
    world = { ...world, ...world.withMonitor({ slowQueries: { ...slowQueries, runningMs, meanMs: 30 } }) };
  }, 120_000);
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end().catch(() => undefined);
  });
  afterAll(() => world?.stop());

  async function connected(): Promise<Client> {
    const client = new Client({ connectionString: world.applicationUrl });
    // One of them is ended by the server.
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    return client;
  }

  async function told(monitor: ReturnType<typeof watching>, signal: SignalName): Promise<string> {
    const { observation, diagnosis } = await monitor.until(signal);
    const evidence = observation.evidence.find((one) => one.signal === signal);
    expect(evidence?.scenario).toBeNull();
    expect(diagnosis?.target).toBeNull();
    return evidence?.found ?? '';
  }

  it('of a statement that runs for long, and not what it was called with', async () => {
    const client = await connected();
    const monitor = world.watch();
    const sleeping = client.query("SELECT pg_sleep(20), 'a literal'").catch(() => undefined);
    const found = await told(monitor, 'slow-queries');
    expect(found).toMatch(/one of role vendhub_app runs for \d+ s/);
    expect(found).not.toContain('literal');
    await world.as(
      world.superuserUrl,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%a literal%' AND pid <> pg_backend_pid()",
    );
    await sleeping;
  });

  it('of statements that are slow on average since the last look, by their id', async () => {
    const monitor = world.watch();
    await monitor.look({ everything: true });
    // So rarely that a second look, which comes soon after the first, finds too few of them.
    const client = await connected();
    let looking = true;
    const querying = (async () => {
      while (looking) await client.query('SELECT pg_sleep(0.05)');
    })();
    try {
      expect(await told(monitor, 'slow-queries')).toMatch(/statement -?\d+ of role vendhub_app took \d+ ms/);
    } finally {
      looking = false;
      await querying;
    }
  });

  it('of an application that answers slowly', async () => {
    const slow = { healthy: true, latencyMs: 3_000, detail: 'ok' };
    const found = await told(world.watch({ probe: { probe: async () => slow } }), 'response-time');
    expect(found).toContain('3000 ms');
  });

  it('of an application that logs errors', async () => {
    const { applicationPlatform } = world.dependencies;
    const line = () => ({ at: new Date().toISOString(), severity: 'error', message: 'request failed' });
    const logs = async () => Array.from({ length: 30 }, line);
    const failing = { ...applicationPlatform, logs };
    expect(await told(world.watch({ applicationPlatform: failing }), 'error-rate')).toContain(
      '30 of 30 log lines',
    );
  });

  it('of a backup that is missing, and of one that is too old', async () => {
    expect(await told(world.watch(), 'backup-age')).toBe('No backup could be opened.');
    await world.backUp();
    const { policy } = world.dependencies;
    const backups = { ...policy.backups, maxAgeMs: { ...policy.backups.maxAgeMs, recent: 1 } };
    expect(await told(world.watch({ policy: { ...policy, backups } }), 'backup-age')).toMatch(
      /newest backup shows/,
    );
  });

  it('of new advice of the platform', async () => {
    const monitor = world.watch();
    await monitor.look({ everything: true });
    await world.as(world.operatorUrl, 'CREATE TABLE public.open_to_all (id int)');
    expect(await told(monitor, 'security-advice')).toContain('rls_disabled_in_public public.open_to_all');
    await world.as(world.operatorUrl, 'DROP TABLE public.open_to_all');
  });

  it('of rows that a recorded baseline had, at its very first look, until that is accepted', async () => {
    const tables = [{ table: 'public.users', present: 400 }].map((table) => ({
      ...table,
      discarded: null,
      basis: 'unknown' as const,
      broughtBack: null,
    }));
    const surveyedAt = new Date(Date.now() - 60_000).toISOString();
    const survey = { targetUnix: 0, surveyedAt, tables, newestCommitAt: null, databaseBytes: 1 };
    await recordBaseline(world.store, { environment: 'test', survey });
    const monitor = world.watch();
    const { diagnosis } = await monitor.until('missing-records');
    expect(diagnosis?.because).toContain('200 of 400 rows of public.users');
    const accepted = await monitor.look({ forget: ['missing-records'], everything: true });
    expect(accepted.evidence).toEqual([]);
  });
});
