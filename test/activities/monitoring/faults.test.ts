import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SignalName } from '../../../workflows/contracts/monitoring.ts';
import { damagePages } from '../../sandbox/postgres/damage-pages.ts';
import { LocalAddressSocket } from '../../sandbox/vendhub/application/local-address-socket.ts';
import { type Noticed, startMonitoredWorld, type watching } from './world.ts';

let world: Awaited<ReturnType<typeof startMonitoredWorld>>;
let monitor: ReturnType<typeof watching>;

beforeAll(async () => {
  world = await startMonitoredWorld();
  await world.backUp();
});
afterAll(() => world?.stop());
beforeEach(async () => {
  // What a log tells of the test before takes its seconds to grow old.
  await expect
    .poll(async () => {
      monitor = world.watch();
      // A server goes on counting the pages of the test before.
      return (await monitor.look({ everything: true, forMs: 2_000, forget: ['checksum-failures'] })).evidence;
    })
    .toEqual([]);
});
afterEach(async () => {
  world.supabase.faults.clear();
  world.railway.faults.clear();
});

/**
 * Breaks something, and looks until it is noticed: by the first look after it, and no look after it found it good.
 */
async function noticed(signals: readonly SignalName[], breakIt: () => Promise<unknown>) {
  await breakIt();
  const brokenAt = new Date().toISOString();
  const found = await monitor.until(...signals);
  for (const signal of signals) {
    const evidence = found.observation.evidence.find((one) => one.signal === signal);
    // The server's counter is good until somebody reads the page.
    if (signal !== 'checksum-failures')
      expect([signal, String(evidence?.lastGoodAt) <= brokenAt]).toEqual([signal, true]);
    expect(evidence?.found).not.toMatch(/password|secret|postgres(ql)?:\/\//i);
  }
  return found;
}

describe('trouble with the application', () => {
  afterEach(async () => {
    const { service } = world.railway;
    await service.settled();
    service.setVariables({ DATABASE_URL: world.applicationUrl }, { skipDeploys: true, replace: true });
    service.deploy({ version: 'v2', variables: service.variables, build: false });
    await service.settled();
  });

  it('a killed application is a crash', async () => {
    const { diagnosis } = await noticed(['health-check'], async () => {
      process.kill(Number(world.railway.service.active()?.replica?.pid()), 'SIGKILL');
    });
    expect(diagnosis).toMatchObject({ scenario: 'application-crash', alsoPossible: [], target: null });
  });

  it('a deployment that crashes is a crash', async () => {
    const { diagnosis } = await noticed(['health-check', 'deployment'], async () => {
      world.railway.service.pushVersion('v3-crash-on-start');
      await world.railway.service.settled();
    });
    expect(diagnosis?.scenario).toBe('application-crash');
    expect(diagnosis?.because).toContain('No deployment runs');
  });

  it('a variable that is gone is a crash', async () => {
    const { diagnosis } = await noticed(['health-check', 'deployment'], async () => {
      world.railway.service.removeVariable('DATABASE_URL');
      await world.railway.service.settled();
    });
    expect(diagnosis?.scenario).toBe('application-crash');
  });

  it('a build that fails while the older deployment runs on is told, and recovers nothing', async () => {
    const { diagnosis } = await noticed(['deployment'], async () => {
      world.railway.service.pushVersion('v3-build-fails');
      await world.railway.service.settled();
    });
    expect(diagnosis).toMatchObject({ scenario: null, because: expect.stringContaining('runs on') });
  });
});

describe('trouble with the data', () => {
  it('deleted rows are a data loss, and the target is when they were all there', async () => {
    const kept =
      "CREATE TABLE public.kept AS TABLE public.dispense_jobs; DELETE FROM public.dispense_jobs WHERE created_at < now() - interval '20 days'";
    const { diagnosis, observation } = await noticed(['missing-records'], () =>
      world.as(world.operatorUrl, kept),
    );
    const evidence = observation.evidence.find(({ signal }) => signal === 'missing-records');
    expect(diagnosis).toMatchObject({
      scenario: 'data-loss',
      target: { kind: 'at', moment: evidence?.lastGoodAt },
      because: expect.stringMatching(/Missing: \d+ of 5000 rows of public\.dispense_jobs/),
    });
    await world.as(
      world.operatorUrl,
      'INSERT INTO public.dispense_jobs TABLE public.kept ON CONFLICT DO NOTHING; DROP TABLE public.kept',
    );
  });

  it('is over when the rows are back, and stays accepted when it is told to forget', async () => {
    await noticed(['missing-records'], () =>
      world.as(world.operatorUrl, 'DELETE FROM public.product_images'),
    );
    const { evidence } = await monitor.look({ forget: ['missing-records'], everything: true });
    expect(evidence).toEqual([]);
    await world.as(
      world.operatorUrl,
      "INSERT INTO public.product_images SELECT id, format('products/%s.png', id) FROM public.products",
    );
  });

  it('an UPDATE without WHERE is a data loss', async () => {
    const { diagnosis } = await noticed(['inconsistent-data'], () =>
      world.as(world.operatorUrl, "UPDATE public.users SET name = 'Bobby Tables'"),
    );
    expect(diagnosis).toMatchObject({
      scenario: 'data-loss',
      target: { kind: 'at' },
      because: expect.stringContaining('one transaction changed 200 of 200 rows of public.users'),
    });
  });

  it('a row that never changes and did is a data loss', async () => {
    const { diagnosis } = await noticed(['inconsistent-data'], () =>
      world.as(world.operatorUrl, "UPDATE public.migrations SET name = 'other' WHERE id = 1"),
    );
    expect(diagnosis).toMatchObject({
      scenario: 'data-loss',
      because: expect.stringContaining('public.migrations'),
    });
  });

  it('a violated invariant is a data loss', async () => {
    await world.as(
      world.operatorUrl,
      'ALTER TABLE public.dispense_jobs DROP CONSTRAINT dispense_jobs_sale_id_fkey',
    );
    const { diagnosis } = await noticed(['inconsistent-data'], () =>
      world.as(world.operatorUrl, 'INSERT INTO public.dispense_jobs (sale_id) VALUES (999999)'),
    );
    expect(diagnosis).toMatchObject({
      scenario: 'data-loss',
      because: expect.stringContaining('every dispense job belongs to a sale: 1 violations'),
    });
    await world.as(world.operatorUrl, 'DELETE FROM public.dispense_jobs WHERE sale_id = 999999');
  });

  it.each(['garbage', 'zeros'] as const)('a page of %s is a corruption', async (kind) => {
    // Only then an index tells of rows that a page of zeros takes away.
    await world.as(world.superuserUrl, 'VACUUM public.sales');
    let mend: () => Promise<void> = async () => undefined;
    const { diagnosis } = await noticed(['checksum-failures'], async () => {
      mend = await damagePages(world.cluster, world.superuserUrl, 'public.sales', [{ page: 5, with: kind }]);
    });
    expect(diagnosis).toMatchObject({ scenario: 'database-corruption', target: null });
    await mend();
  });

  // Each page is read once, before it is damaged, and nobody keeps the application's sessions busy.
  const quietly = async () => {
    const { everyMs } = world.policy.monitor;
    const probe = { probe: async () => ({ healthy: true, latencyMs: 1, detail: 'not asked' }) };
    const watching = world.withMonitor({ everyMs: { ...everyMs, pages: 3_600_000 } }).watch({ probe });
    while (!watching.state('missing-records')) {
      await watching.look({ everything: true, forMs: 2_000, forget: ['checksum-failures'] });
    }
    return watching;
  };

  it('rows that are gone and that nobody deleted are a corruption, where no index tells of them', async () => {
    const watching = await quietly();
    const table = 'public.dispense_jobs';
    // Rows that the tests before deleted have left pages without any.
    const [full] = await world.as(
      world.superuserUrl,
      `SELECT split_part(ltrim(ctid::text, '('), ',', 1)::int AS page FROM ${table} WHERE sale_id > 5
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    );
    const { page } = z.object({ page: z.int() }).parse(full);
    const mend = await damagePages(world.cluster, world.superuserUrl, table, [{ page, with: 'zeros' }]);
    await world.as(world.operatorUrl, 'DELETE FROM public.dispense_jobs WHERE sale_id <= 5');
    const { diagnosis } = await watching.until('checksum-failures');
    expect(diagnosis).toMatchObject({
      scenario: 'database-corruption',
      target: null,
      because: expect.stringMatching(/Nobody deleted or changed \d+ rows of public\.dispense_jobs/),
    });
    await mend();
    await expect
      .poll(async () => (await watching.look()).evidence.map(({ signal }) => signal))
      .not.toContain('checksum-failures');
  });

  it('rows whose deletion was not counted yet are no corruption', async () => {
    const watching = await quietly();
    const client = new Client({ connectionString: world.operatorUrl });
    await client.connect();
    try {
      // Its counters were handed over just now, and are not again before its second transaction ends.
      await client.query('DELETE FROM public.dispense_jobs WHERE sale_id BETWEEN 11 AND 20');
      await client.query('DELETE FROM public.dispense_jobs WHERE sale_id BETWEEN 1000 AND 2000');
      await client.query('BEGIN; SELECT 1');
      const { observation, diagnosis } = await watching.until('missing-records');
      expect(diagnosis).toMatchObject({ scenario: 'data-loss', alsoPossible: [] });
      expect(observation.memory.unaccounted).toMatchObject([{ table: 'public.dispense_jobs' }]);
      const later = await watching.look({ forMs: 20_000 });
      expect(later.evidence.map(({ signal }) => signal)).toEqual(['missing-records']);
      expect(later.memory.unaccounted).toHaveLength(1);
      await client.query('COMMIT');
    } finally {
      await client.end();
    }
    const { memory, evidence } = await watching.look({ everything: true });
    expect(evidence.map(({ signal }) => signal)).toEqual(['missing-records']);
    expect(memory.unaccounted).toEqual([]);
  });
});

describe('an intruder', () => {
  it('who makes a role, takes powers and writes rows is a breach', async () => {
    const { diagnosis } = await noticed(['roles-and-grants'], async () => {
      await world.as(world.superuserUrl, "CREATE ROLE mallory LOGIN SUPERUSER PASSWORD 'let me in'");
      await world.as(world.superuserUrl, 'GRANT INSERT ON public.users TO PUBLIC');
      await world.as(
        world.superuserUrl,
        "INSERT INTO public.users (email, name) SELECT upper(email), 'Mallory' FROM public.users WHERE id <= 5",
      );
    });
    expect(diagnosis).toMatchObject({ scenario: 'security-breach', target: { kind: 'at' } });
    for (const part of [
      'mallory is not known, and a superuser',
      'forbidden: PUBLIC: INSERT',
      'several users with one address',
    ]) {
      expect(diagnosis?.because).toContain(part);
    }
    await world.as(
      world.superuserUrl,
      "DROP ROLE mallory; REVOKE INSERT ON public.users FROM PUBLIC; DELETE FROM public.users WHERE name = 'Mallory'",
    );
  });

  it('who gives powers to a role that is known is a breach', async () => {
    const { diagnosis } = await noticed(['roles-and-grants'], () =>
      world.as(world.superuserUrl, 'ALTER ROLE vendhub_app BYPASSRLS'),
    );
    expect(diagnosis?.because).toContain('new: vendhub_app: BYPASSRLS on server');
    await world.as(world.superuserUrl, 'ALTER ROLE vendhub_app NOBYPASSRLS');
  });

  it.runIf(process.platform === 'linux')('who comes from an unknown network is a breach', async () => {
    const stranger = new Client({
      connectionString: world.applicationUrl,
      stream: () => new LocalAddressSocket('127.0.0.3'),
    });
    const { diagnosis } = await noticed(['unknown-networks'], () => stranger.connect());
    expect(diagnosis).toMatchObject({
      scenario: 'security-breach',
      because: expect.stringContaining('vendhub_app from 127.0.0.3'),
    });
    await stranger.end();
  });

  it('who reads everything is a breach', async () => {
    const { diagnosis } = await noticed(['bulk-reads'], () =>
      world.as(world.applicationUrl, 'SELECT * FROM public.sales'),
    );
    expect(diagnosis).toMatchObject({
      scenario: 'security-breach',
      because: expect.stringMatching(/Role vendhub_app read \d+ rows/),
    });
  });

  it('who tries passwords is a breach', async () => {
    const wrong = new URL(world.applicationUrl);
    wrong.password = 'not the password';
    const { diagnosis } = await noticed(['failed-logins'], () =>
      Promise.all(Array.from({ length: 12 }, () => world.as(wrong.href, 'SELECT 1').catch(() => undefined))),
    );
    expect(diagnosis).toMatchObject({
      scenario: 'security-breach',
      because: expect.stringContaining('logins were turned away'),
    });
  });
});

describe('trouble with the providers', () => {
  it('a host of the database whose API is down is told, and recovers nothing', async () => {
    const { diagnosis } = await noticed(['database-provider'], async () =>
      world.supabase.faults.set('*', { kind: 'answer', status: 503 }),
    );
    expect(diagnosis).toMatchObject({ scenario: null, target: null });
  });

  it('everything down is a complete failure', async () => {
    const { diagnosis } = await noticed(['health-check', 'deployment', 'database-provider'], async () => {
      world.supabase.faults.set('*', { kind: 'drop-before' });
      world.railway.faults.set('*', { kind: 'drop-before' });
      await world.cluster.stop('immediate');
    });
    expect(diagnosis).toMatchObject({ scenario: 'complete-failure', alsoPossible: ['application-crash'] });
    await world.cluster.start();
  });

  it('everything down is never told as a crash first, however seldom the platforms are asked', async () => {
    const { everyMs } = world.policy.monitor;
    const watching = world
      .withMonitor({ probeEveryMs: 200, everyMs: { ...everyMs, platform: 600_000 } })
      .watch();
    await watching.look({ everything: true });
    world.supabase.faults.set('*', { kind: 'drop-before' });
    world.railway.faults.set('*', { kind: 'drop-before' });
    await world.cluster.stop('immediate');
    // That a platform is silent may be told before; it speaks for no runbook by itself.
    let found: Noticed;
    do found = await watching.noticed({ forMs: 120_000 });
    while (found.diagnosis?.scenario == null);
    await world.cluster.start();
    expect(found.diagnosis.scenario).toBe('complete-failure');
    expect(found.observation.evidence.map(({ signal }) => signal)).toContain('health-check');
  });
});
