import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTraffic } from '../../sandbox/vendhub/traffic.ts';
import { startMonitoredWorld } from './world.ts';

type World = Awaited<ReturnType<typeof startMonitoredWorld>>;

describe('the monitor at healthy production', () => {
  let world: World;
  beforeAll(async () => {
    world = await startMonitoredWorld();
    await world.backUp();
  });
  afterAll(() => world?.stop());

  it('sees every signal good at its first look', async () => {
    const { states } = await world.watch().look({ everything: true, forMs: 3_000 });
    const probed = world.policy.monitor.rules
      .map(({ signal }) => signal)
      .filter((signal) => signal !== 'user-report' && signal !== 'outside-alert');
    expect(states.map(({ signal }) => signal).sort()).toEqual(probed.sort());
    for (const { lastGoodAt, found, signal } of states)
      expect([signal, found, lastGoodAt]).not.toContain(null);
  });

  it('finds no trouble amid traffic, a slow request, one failed probe, autovacuum and a few rows that are deleted', async () => {
    const { probe } = world.dependencies;
    let probes = 0;
    const amidNoise = world.watch({
      probe: {
        probe: async () => {
          probes += 1;
          const answer = await probe.probe();
          if (probes === 3) return { healthy: false, latencyMs: 1_000, detail: 'no answer within 1 s' };
          return probes === 5 ? { ...answer, latencyMs: 2_500 } : answer;
        },
      },
    });
    const traffic = startTraffic({ applicationUrl: world.railway.applicationUrl, perSecond: 20 });
    try {
      await amidNoise.look({ everything: true });
      await world.as(world.operatorUrl, 'DELETE FROM public.product_images WHERE product_id <= 3');
      await world.as(world.operatorUrl, "UPDATE public.machines SET status = 'maintenance'");
      await world.as(world.operatorUrl, "UPDATE public.users SET name = 'Somebody Else' WHERE id = 7");
      await world.as(world.superuserUrl, 'VACUUM ANALYZE public.sales');
      world.supabase.faults.set('*', { kind: 'answer', status: 503 }, 1);
      world.railway.faults.set('deployments', { kind: 'drop-before' }, 1);
      while (probes <= 8) {
        const { changed, evidence } = await amidNoise.look({ forMs: 3_000 });
        expect({ changed, evidence }).toEqual({ changed: [], evidence: [] });
      }
    } finally {
      expect((await traffic.stop()).acknowledged).toBeGreaterThan(20);
    }
  });

  it('is cancelled at once, amid a look that does not end', async () => {
    const hanging = world.watch({ probe: { probe: () => new Promise(() => undefined) } });
    const looking = hanging.begin({ forMs: 600_000 });
    await looking.beat;
    looking.cancel();
    await expect(looking.result).rejects.toThrow('CANCELLED');
  });

  it('goes on from what the attempt before it knew, and tells what that had noticed', async () => {
    const failing = world.watch({
      probe: { probe: async () => ({ healthy: false, latencyMs: 3, detail: 'no answer' }) },
    });
    const { states, memory } = await failing.look();
    const next = world
      .watch()
      .begin({ forMs: 60_000 }, { states, memory, marker: null, changed: ['health-check'] });
    expect(await next.result).toMatchObject({
      changed: ['health-check'],
      evidence: [{ signal: 'health-check', found: 'The application is not healthy: no answer.' }],
    });
  });

  it('survives every probe failing: of what it does not know it says nothing', async () => {
    const fails = () => Promise.reject(new Error('secret of the adapter'));
    const blind = world.watch({
      probe: { probe: fails },
      platform: { status: fails, services: fails },
      applicationPlatform: { deployments: fails, logs: fails, requestsByStatus: fails },
      database: { session: fails, tryLogin: fails },
      logs: { databaseLog: fails },
      settings: { advisories: fails },
    });
    const { evidence, changed, states } = await blind.look({ everything: true, forMs: 1_000 });
    expect({ evidence, changed }).toEqual({ evidence: [], changed: [] });
    expect(states.length).toBeGreaterThan(10);
    expect(JSON.stringify(states)).not.toContain('secret of the adapter');
  });

  it('misses no rows that a recovery rewound, unless they were missed before it', async () => {
    const rewind = () => world.as(world.operatorUrl, 'DELETE FROM public.dispense_jobs WHERE sale_id > 4000');
    const watching = world.watch();
    await watching.look({ everything: true });
    await watching.look({ recoveryRunning: true });
    await rewind();
    expect((await watching.look({ everything: true, forMs: 2_500 })).evidence).toEqual([]);
    await world.as(world.operatorUrl, 'DELETE FROM public.dispense_jobs WHERE sale_id > 2000');
    await watching.until('missing-records');
    await watching.look({ recoveryRunning: true });
    const { evidence } = await watching.look({ everything: true, forMs: 2_500 });
    expect(evidence).toMatchObject([{ signal: 'missing-records' }]);
    expect(evidence[0]?.found).toContain('public.dispense_jobs');
  });

  it('ends at once when the worker is told to stop, and says what it knows', async () => {
    const stopping = new AbortController();
    const looking = world.watch({ stopping: stopping.signal }).begin({ everything: true, forMs: 3_600_000 });
    await looking.beat;
    stopping.abort();
    const { states, changed } = await looking.result;
    expect(states.length).toBeGreaterThan(0);
    expect(changed).toEqual([]);
  });

  it('looks at neither data nor security while a recovery changes them, and writes markers only without one', async () => {
    let written = 0;
    const marking = world.watch({
      writeMarker: async () => {
        written += 1;
        const marker = { sequence: written, writtenAt: new Date().toISOString(), everyMs: 5_000 };
        return { kind: 'written', marker };
      },
    });
    const during = await marking.look({ everything: true, recoveryRunning: true, writeMarkers: true });
    expect(during.marker).toBeNull();
    expect(during.states.map(({ signal }) => signal)).toEqual([
      'health-check',
      'error-rate',
      'response-time',
      'database-provider',
      'deployment',
      'security-advice',
      'backup-age',
    ]);
    expect((await marking.look({ writeMarkers: true })).marker).toMatchObject({ sequence: 1 });
  });
});
