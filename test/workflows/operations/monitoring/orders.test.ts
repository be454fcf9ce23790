import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderSignal } from '../../../../workflows/contracts/monitor.ts';
import { foreignPayloads, signalRaw } from '../../foreign-payloads.ts';
import { eventually, startMonitoringWorld } from './world.ts';

let world: Awaited<ReturnType<typeof startMonitoringWorld>>;

beforeAll(async () => {
  world = await startMonitoringWorld();
});
afterAll(() => world?.stop());

const until = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe('what only a person reports', () => {
  it('is proposed and waits, also where it is a crash', async () => {
    const reported = await world.watch('reported');
    const verdict = await reported.order({
      id: 'r1',
      kind: 'report',
      by: 'oncall',
      reason: 'customers call',
      through: 'user-report',
      signal: null,
      scenario: 'application-crash',
      since: null,
    });
    expect(verdict.accepted).toBe(true);
    const open = await reported.proposed('application-crash');
    expect(open.facts).toContainEqual({
      label: 'Evidence',
      value: expect.stringContaining('oncall reports: customers call'),
    });
    expect(reported.done).toEqual(['application-crash: look']);
  });

  it('is refused from somebody whom the policy does not know, and where no runbook fits', async () => {
    const refusing = await world.watch('refusing');
    const report = { kind: 'report', reason: 'slow', through: 'user-report', since: null } as const;
    const refusals = [
      await refusing.order({ ...report, id: 'a', by: 'mallory', signal: null, scenario: 'data-loss' }),
      await refusing.order({ ...report, id: 'b', by: 'oncall', signal: 'backup-age', scenario: null }),
      await refusing.order({ id: 'c', kind: 'silence', by: 'oncall', reason: 'x', until: until(-1) }),
      await refusing.order({ id: 'd', kind: 'silence', by: 'oncall', reason: 'x', until: until(60 * 25) }),
    ];
    expect(refusals.map(({ accepted }) => accepted)).toEqual([false, false, false, false]);
    expect((await refusing.status()).open).toBeNull();
  });
});

describe('an order that cannot be read', () => {
  it('gets its verdict, and the next one counts', async () => {
    const foreign = await world.watch('foreign');
    for (const { payload } of foreignPayloads) await signalRaw(foreign.monitor, orderSignal.name, payload);
    const silence = { id: 'after', kind: 'silence', by: 'oncall', reason: 'x', until: until(60) } as const;
    expect((await foreign.order(silence)).accepted).toBe(true);
    const { verdicts } = await foreign.status();
    expect(verdicts.slice(0, -1).map(({ accepted, verdict }) => ({ accepted, verdict }))).toEqual(
      foreignPayloads.map(() => ({
        accepted: false,
        verdict: 'It cannot be read: it is not JSON in the encoding json/plain.',
      })),
    );
  });
});

describe('a silence', () => {
  it('holds everything back while it lasts, survives the monitor, and what is still bad opens at its end', async () => {
    const silent = await world.watch('silent');
    const silence = { id: 's1', kind: 'silence', by: 'oncall', reason: 'new database' } as const;
    await silent.order({ ...silence, until: until(60) });
    silent.break('health-check', 'application-crash');
    await eventually(async () =>
      expect((await silent.status()).states.some(({ trouble }) => trouble)).toBe(true),
    );
    await silent.order({ id: 'stop', kind: 'stop', by: 'oncall', reason: 'a new worker' });
    await silent.monitor.result();
    await silent.startMonitor();
    await eventually(async () =>
      expect(await silent.status()).toMatchObject({
        silence: { by: 'oncall', reason: 'new database' },
        states: [{ signal: 'health-check', trouble: true }],
        open: null,
      }),
    );
    expect(silent.done).toEqual([]);
    await silent.order({ id: 's2', kind: 'unsilence', by: 'oncall', reason: 'done' });
    await eventually(async () => expect((await silent.incidents())[0]?.ending).toBe('recovered'));
  });
});
