import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { startProduction, type TestProduction } from './production.ts';
import { nextTransaction, stillDatabase } from './truth.ts';

let production: TestProduction;
let oncall: Terminal;
let admin: Terminal;

beforeAll(async () => {
  production = await startProduction();
  const { temporal, environment } = production.sandbox;
  oncall = terminal(temporal.environment, { ...environment, DR_USER: 'oncall' });
  admin = terminal(temporal.environment, { ...environment, DR_USER: 'admin' });
  const traffic = startTraffic({ applicationUrl: production.sandbox.railway.applicationUrl, perSecond: 20 });
  await eventually('a few sales', () => traffic.totals().acknowledged > 20 || undefined);
  await traffic.stop();
  await stillDatabase(production.sandbox);
  await eventually(
    'a restore window',
    async () => (await production.sandbox.postgres.restoreWindow()) ?? undefined,
  );
});

afterAll(() => production?.stop());

const reason = ['--reason', 'sales are missing'];

/** A moment that can be restored. */
async function restorable(): Promise<string> {
  const window = await production.sandbox.postgres.restoreWindow();
  if (window === undefined) throw new Error('The sandbox has no restore window.');
  return new Date(window.latestUnix * 1000).toISOString();
}

async function providerWrites(): Promise<number> {
  const { supabase, railway } = production.sandbox;
  return supabase.calls.writes().length + railway.calls.writes().length;
}

describe('the dr command on a real production', () => {
  it('plans without writing anywhere', async () => {
    const before = { writes: await providerWrites(), transaction: await nextTransaction(production.sandbox) };
    const reads = production.sandbox.supabase.calls.all().length;

    const plan = await oncall.dr('plan', 'data-loss', '--at', await restorable(), ...reason);

    expect(plan).toMatchObject({ code: 0, err: '' });
    expect(plan.out).toContain('public.sales');
    expect(plan.out).toContain('restore-database');
    expect(plan.out.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(production.sandbox.supabase.calls.all().length).toBeGreaterThan(reads);
    expect({
      writes: await providerWrites(),
      transaction: await nextTransaction(production.sandbox),
    }).toEqual(before);
  });

  it('refuses a target before the window with exit code 2, starts nothing and says where the window lies', async () => {
    const before = await providerWrites();
    const refused = await oncall.dr('start', 'data-loss', '--at', '2020-01-01T00:00:00Z', ...reason);
    const status = await oncall.dr('status');

    if (refused.code === 0) throw new Error(`It was started: ${refused.out}`);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/UTC/);
    expect(status.out + status.err).toContain('No recovery of sandbox');
    expect(await providerWrites()).toBe(before);
  });

  it('recovers from the first command to the report, with only what the screens say', async () => {
    const moment = await restorable();
    const start = await oncall.dr(
      'start',
      'data-loss',
      '--just-before',
      moment,
      '--incident-at',
      moment,
      ...reason,
    );
    expect(start).toMatchObject({ code: 0, err: '' });

    const second = await admin.dr('start', 'data-loss', '--at', moment, ...reason);
    expect(second.code).toBe(2);
    expect(second.err).toContain('oncall');

    const early = await admin.dr('approve', '--digest', '0123456789ab');
    expect(early.code).toBe(2);

    const gate = await eventually('the gate', async () => {
      const { out } = await admin.dr('status');
      return /dr approve .*--digest ([0-9a-f]{12})/.exec(out.replace(/\\\n\s*/g, ''))?.[1];
    });
    const stale = await admin.dr('approve', '--digest', '0123456789ab');
    expect(stale.code).toBe(2);
    const self = await oncall.dr('approve', '--digest', gate);
    expect(self).toMatchObject({ code: 2 });
    expect(self.err + self.out).toContain('second person');
    const approved = await admin.dr('approve', '--digest', gate);
    expect(approved).toMatchObject({ code: 0, err: '' });

    await eventually('the question after verification', async () => {
      const { out } = await oncall.dr('status');
      return out.includes('dr confirm') || undefined;
    });
    const again = await admin.dr('approve', '--digest', gate);
    expect(again.code).toBe(2);
    const empty = await oncall.dr('confirm', '--reason', ' ');
    expect(empty.code).toBe(2);
    expect((await oncall.dr('confirm', '--reason', 'the sales are back')).code).toBe(0);

    const mailGate = await eventually('the question about the mail to users', async () => {
      const { out } = await admin.dr('status');
      return out.includes('Send this mail')
        ? /dr approve .*--digest ([0-9a-f]{12})/.exec(out.replace(/\\\n\s*/g, ''))?.[1]
        : undefined;
    });
    expect(mailGate).not.toBe(gate);
    expect((await admin.dr('reject', '--reason', 'the shop tells them itself')).code).toBe(0);

    expect((await oncall.dr('watch')).code).toBe(0);
    const report = await oncall.dr('report');
    expect(report).toMatchObject({ code: 0, err: '' });
    expect(report.out).toContain('RECOVERED');
    expect(report.out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const markdown = await oncall.dr('report', '--markdown');
    expect(markdown.out).toContain('# Data loss, sandbox: recovered');
    const list = await oncall.dr('list', '--json');
    expect(list.out).toContain('recovery-sandbox');
    expect(production.sandbox.supabase.calls.all('restore-pitr')).toHaveLength(1);
  });

  it('offers the repair of what a terminated run left, refuses to start beside it, and repairs', async () => {
    const moment = await restorable();
    expect((await oncall.dr('start', 'data-loss', '--at', moment, ...reason)).code).toBe(0);
    await eventually(
      'the gate',
      async () => (await oncall.dr('status')).out.includes('dr approve') || undefined,
    );
    const { client } = production.sandbox.temporal.environment;
    await client.workflow.getHandle('recovery-sandbox').terminate('by mistake');

    const status = await oncall.dr('status');
    expect(status.out + status.err).toContain('dr repair');
    const start = await oncall.dr('start', 'data-loss', '--at', moment, ...reason);
    expect(start.code).toBe(2);
    expect(start.err).toContain('application stopped');

    const repair = await oncall.dr('repair', '--reason', 'the run was terminated by mistake');
    expect(repair).toMatchObject({ code: 0, err: '' });
    await oncall.dr('watch');
    const { railway, postgres } = production.sandbox;
    expect((await fetch(`${railway.applicationUrl}/health`)).status).toBe(200);
    expect(postgres.networkRestrictions()).toEqual(['0.0.0.0/0', '::/0']);
    const after = await oncall.dr('status');
    expect(after.out).not.toContain('dr repair');
  });
});
