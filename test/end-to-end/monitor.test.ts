import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../../activities/adapters/alert-listener/signature.ts';
import { type MonitorOrder, orderSignal } from '../../workflows/contracts/monitor.ts';
import { killForGood } from '../sandbox/drills/faults.ts';
import { freeServerPort } from '../sandbox/process/free-port.ts';
import { startTraffic, type Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { down, healthStatus, served } from './crash.ts';
import { startProduction, type TestProduction } from './production.ts';
import { asSuperuser, customersServed, damage, deviation, heldAt, knownData } from './truth.ts';
import { monitorOf, recoveryAfter, startMonitor, untilMonitor, watchedPolicy } from './watched.ts';

/** A look that was under way in the moment of the break may have begun so long before it. */
const longestLookMs = 5_000;

const alertSecret = randomUUID();

let alertPort: number;
let production: TestProduction;
let traffic: Traffic;

beforeAll(async () => {
  alertPort = await freeServerPort();
  production = await startProduction({
    workerEnvironment: () => ({
      MONITOR_WEBHOOK_PORT: String(alertPort),
      MONITOR_WEBHOOK_SECRET: alertSecret,
    }),
    policy: watchedPolicy,
  });
  traffic = startTraffic({ applicationUrl: production.sandbox.railway.applicationUrl, perSecond: 10 });
  await customersServed(traffic, production.sandbox);
  await startMonitor(production.sandbox);
});
afterEach(() => production.endRun());
afterAll(async () => {
  await traffic?.stop();
  await production?.stop();
});

async function order(kind: 'silence' | 'unsilence'): Promise<void> {
  const common = { id: randomUUID(), by: 'oncall', reason: 'maintenance' };
  const until = new Date(Date.now() + 600_000).toISOString();
  const sent: MonitorOrder = kind === 'silence' ? { ...common, kind, until } : { ...common, kind };
  await monitorOf(production.sandbox).signal(orderSignal, sent);
  await untilMonitor(production.sandbox, 'judged it', ({ verdicts }) =>
    verdicts.some(({ id, accepted }) => id === common.id && accepted),
  );
}

const subjects = () => production.sandbox.smtp.messages().map(({ subject }) => subject);

describe('with nobody touching anything', () => {
  it('a killed application is noticed and healthy again', async () => {
    const { sandbox } = production;
    const killedAt = Date.now();
    await killForGood(sandbox.railway);
    await down(sandbox);
    await served(sandbox);
    const tookMs = Date.now() - killedAt;
    const recovery = await eventually('the recovery', () => recoveryAfter(production.sandbox, killedAt));
    const report = await recovery.result();
    console.info(`crash to healthy with nobody there: ${tookMs} ms, probes every 5 s`);
    expect(report).toMatchObject({
      outcome: 'recovered',
      status: { startedBy: 'monitor', scenario: 'application-crash', decisions: [] },
    });
    expect(report.rto.measuredMs).toBeGreaterThan(0);
    expect(report.rto.measuredMs).toBeLessThanOrEqual(Date.now() - killedAt + longestLookMs);
    await untilMonitor(production.sandbox, 'closed the incident', ({ open }) => open === null);
    await eventually('the mails', () => {
      const told = subjects();
      const wanted = ['[sandbox] Incident: application-crash', '[sandbox] Incident closed: recovered'];
      return wanted.every((subject) => told.includes(subject)) || undefined;
    });
  });

  it('rows that were deleted are proposed for recovery, which changes nothing before a person begins it', async () => {
    const { sandbox } = production;
    await customersServed(traffic, sandbox);
    const deployments = sandbox.railway.service.deployments().length;
    const startedAt = Date.now();
    const before = await knownData(sandbox);
    const incident = await damage(sandbox);
    const recovery = await eventually('a recovery', () => recoveryAfter(production.sandbox, startedAt));
    const open = await recovery.asked('start', 'pause-deployments');
    const facts = open.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toMatch(/Evidence: .*sales/);
    expect(facts).toMatch(/Changed so far: nothing/);
    const { steps, measures, phase } = await recovery.status();
    expect({ phase, measures }).toEqual({ phase: 'proposed', measures: [] });
    expect(steps.filter(({ state }) => state === 'done').map(({ kind }) => kind)).toEqual(['check', 'check']);
    expect(sandbox.supabase.calls.all('restore-pitr')).toEqual([]);
    expect(sandbox.railway.service.deployments()).toHaveLength(deployments);
    expect(await healthStatus(sandbox)).toBe(200);
    await eventually('the page', () => {
      const told = subjects();
      const wanted = [
        '[sandbox] Incident: data-loss',
        '[sandbox] Data loss: the monitor proposes this recovery; shall it begin?',
      ];
      return wanted.every((subject) => told.includes(subject)) || undefined;
    });

    await recovery.accepted('approve', { decision: open.id });
    await recovery.approve();
    const report = await recovery.finishAfterRestore();
    const restoredToUnix = report.restoredToUnix ?? Number.NaN;
    expect(report.outcome).toBe('recovered');
    // The monitor knows to a look when the rows were there last: nothing of the damage is brought back.
    expect(restoredToUnix).toBeLessThanOrEqual(incident.targetUnix);
    console.info(
      `recovery point by the monitor: ${incident.targetUnix - restoredToUnix} s before the damage`,
    );
    const held = heldAt(before, restoredToUnix);
    expect(held.kept.size).toBeGreaterThan(5_000);
    const restoredAt = report.status.steps.find(({ id }) => id === 'restore-database')?.finishedAt ?? '';
    const { missing, altered, catalogueAltered } = await deviation(sandbox, held, restoredAt);
    expect({ missing, altered, catalogueAltered }).toEqual({
      missing: [],
      altered: [],
      catalogueAltered: false,
    });
    await untilMonitor(production.sandbox, 'closed the incident', (status) => status.open === null);
  });

  it('what was a false alarm withdraws itself, and a silence holds everything back', async () => {
    const { sandbox } = production;
    await order('silence');
    const silentFrom = Date.now();
    await asSuperuser(sandbox, (superuser) => superuser.query('CREATE ROLE visitor LOGIN SUPERUSER'));
    await untilMonitor(production.sandbox, 'sees it', ({ states }) =>
      states.some(({ signal, trouble }) => signal === 'roles-and-grants' && trouble),
    );
    expect(await recoveryAfter(production.sandbox, silentFrom)).toBeUndefined();
    await order('unsilence');
    const recovery = await eventually('a recovery', () => recoveryAfter(production.sandbox, silentFrom));
    const open = await recovery.until('the question', (status) => status.open?.kind === 'start');
    expect(open.scenario).toBe('security-breach');
    await asSuperuser(sandbox, (superuser) => superuser.query('DROP ROLE visitor'));
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    await untilMonitor(production.sandbox, 'closed the incident', (status) => status.open === null);
    await eventually(
      'the mail',
      () => subjects().includes('[sandbox] Incident closed: false-alarm') || undefined,
    );
  });

  it('a signed alert of another system is proposed, and a rejection dismisses it', async () => {
    const sentAt = Date.now();
    const body = JSON.stringify({ from: 'uptime', reason: 'sales are missing', scenario: 'data-loss' });
    const timestamp = String(Math.floor(sentAt / 1000));
    const send = (secret: string) =>
      fetch(`http://127.0.0.1:${alertPort}/incidents`, {
        method: 'POST',
        body,
        headers: {
          'x-timestamp': timestamp,
          'x-signature': `sha256=${sign(secret, timestamp, Buffer.from(body))}`,
        },
      }).then(({ status }) => status);
    expect([await send('guessed'), await send(alertSecret), await send(alertSecret)]).toEqual([
      401, 202, 401,
    ]);
    const recovery = await eventually('a recovery', () => recoveryAfter(production.sandbox, sentAt));
    // Nobody said since when, so the first check asks where to go back to.
    const open = await recovery.asked('failed-step', 'find-recovery-point');
    await recovery.accepted('abort', { reason: 'the uptime service was wrong' });
    expect(open.answers).toContain('replan');
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    const { states } = await untilMonitor(
      production.sandbox,
      'closed the incident',
      (status) => status.open === null,
    );
    expect(states.filter(({ trouble }) => trouble).map(({ signal }) => signal)).not.toContain(
      'missing-records',
    );
  });
});
