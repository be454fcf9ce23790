import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { surveyLoss } from '../../../activities/database/survey-loss.ts';
import { readTableCounters } from '../../../activities/database/table-counters.ts';
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
  });
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

  it('of an application that answers real requests with errors, which neither its log nor its health check tells', async () => {
    const { service } = world.railway;
    service.pushVersion('v5-fails-every-2-requests');
    await service.settled();
    const connections = new Agent();
    let asking = true;
    const users = (async () => {
      while (asking) {
        const url = `${world.railway.applicationUrl}/api/version`;
        await (await request(url, { dispatcher: connections })).body.dump();
        await delay(20);
      }
    })();
    try {
      const monitor = world.watch();
      const found = await told(monitor, 'error-rate');
      const [, failed, answered] = /^(\d+) of (\d+) requests were answered with 5xx/.exec(found) ?? [];
      expect(Number(failed)).toBeGreaterThanOrEqual(10);
      expect(Number(failed) / Number(answered)).toBeGreaterThan(0.2);
      expect(found).toMatch(/; 0 of \d+ log lines are errors; 0 of \d+ health probes failed\.$/);
      expect(monitor.state('health-check')).toMatchObject({ badInARow: 0 });
    } finally {
      asking = false;
      await users;
      await connections.destroy();
      service.pushVersion('v6');
      await service.settled();
    }
  });

  it('of errors in the log also while the requests cannot be read, and says so', async () => {
    const { applicationPlatform } = world.dependencies;
    const line = () => ({ at: new Date().toISOString(), severity: 'error', message: 'request failed' });
    const logs = async () => Array.from({ length: 30 }, line);
    world.railway.faults.set('httpMetricsGroupedByStatus', { kind: 'answer', status: 503 });
    expect(
      await told(world.watch({ applicationPlatform: { ...applicationPlatform, logs } }), 'error-rate'),
    ).toMatch(/^How users’ requests were answered could not be read; 30 of 30 log lines are errors/);
    world.railway.faults.clear();
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

  describe('at its very first look, held against a baseline that a recovery recorded', () => {
    const deleteAndAdd = `CREATE TEMP TABLE deleted AS SELECT * FROM public.dispense_jobs WHERE sale_id <= 1500;
      DELETE FROM public.dispense_jobs WHERE sale_id <= 1500;
      INSERT INTO public.dispense_jobs TABLE deleted`;

    async function recordedNow() {
      const { schemas } = world.policy;
      const question = { targetUnix: 0, schemas, timestampColumns: [], settledUpToBytes: 1_000_000_000 };
      const survey = await surveyLoss(world.dependencies.database, question);
      await recordBaseline(world.store, { environment: 'test', survey });
      // A baseline is found by the second.
      await expect.poll(() => Date.now() - Date.parse(survey.surveyedAt)).toBeGreaterThan(1_000);
    }

    const deletedByCount = async () => {
      const { database, policy } = world.dependencies;
      const counters = await database.session((session) => readTableCounters(session, policy.schemas));
      return counters.get('public.dispense_jobs')?.deleted ?? Number.NaN;
    };

    /** What the first looks say of missing records, once they have looked. */
    async function firstFound() {
      const monitor = world.watch();
      while (!monitor.state('missing-records')) await monitor.look({ everything: true });
      return monitor.state('missing-records')?.found;
    }

    it('of rows that were deleted, however many were added since', async () => {
      await recordedNow();
      await world.as(world.operatorUrl, deleteAndAdd);
      const { diagnosis } = await world.watch().until('missing-records');
      expect(diagnosis).toMatchObject({
        scenario: 'data-loss',
        because: expect.stringContaining(
          '1500 of 5000 rows of public.dispense_jobs, deleted since they were recorded',
        ),
      });
    });

    it('of none that were changed, or whose deletion was undone', async () => {
      await recordedNow();
      const counted = await deletedByCount();
      await world.as(world.operatorUrl, 'UPDATE public.dispense_jobs SET status = status');
      await world.as(world.operatorUrl, 'BEGIN; DELETE FROM public.dispense_jobs; ROLLBACK');
      await expect.poll(deletedByCount).toBe(counted + 5_000);
      expect(await firstFound()).toMatch(/^Nothing is missing of /);
    });

    it('and of nothing but their number where the server began to count anew', async () => {
      await recordedNow();
      await world.as(world.operatorUrl, deleteAndAdd);
      await world.as(world.superuserUrl, 'SELECT pg_stat_reset()');
      expect(await firstFound()).toMatch(/^Nothing is missing of /);
    });
  });
});
