import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../../activities/adapters/alert-listener/signature.ts';
import {
  type MonitorOrder,
  type MonitorStatus,
  monitorQuery,
  monitorWorkflowId,
  orderSignal,
} from '../../workflows/contracts/monitor.ts';
import { recoveryWorkflowId, taskQueue } from '../../workflows/contracts/names.ts';
import { freeServerPort } from '../sandbox/process/free-port.ts';
import { startTraffic, type Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { crashPolicy, down, healthStatus } from './crash.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { asSuperuser, customersServed, damage, deviation, heldAt, knownData } from './truth.ts';

/** From a killed process to a healthy application with nobody there, ms: what is asked of the sandbox. */
const withinMs = 20_000;

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
    // As production looks: every 5 s, and once a second when something was seen bad.
    policy: { ...crashPolicy, monitor: { probeEveryMs: 5_000, confirmEveryMs: 1_000 } },
  });
  traffic = startTraffic({ applicationUrl: production.sandbox.railway.applicationUrl, perSecond: 10 });
  await customersServed(traffic, production.sandbox);
  await client().workflow.execute('keepMonitor', {
    taskQueue,
    workflowId: 'keep-monitor',
    args: [{ environment: 'sandbox', startedBy: 'schedule' }],
  });
  await untilMonitor('has looked at everything', ({ states }) =>
    ['health-check', 'missing-records'].every((name) =>
      states.some(({ signal, goodInARow }) => signal === name && goodInARow > 1),
    ),
  );
}, 300_000);
afterEach(() => production.endRun());
afterAll(async () => {
  await traffic?.stop();
  await production?.stop();
}, 60_000);

const client = () => production.sandbox.temporal.environment.client;
const monitor = () => client().workflow.getHandle(monitorWorkflowId('sandbox'));

function untilMonitor(what: string, fits: (status: MonitorStatus) => boolean): Promise<MonitorStatus> {
  return eventually(`the monitor ${what}`, async () => {
    const status = await client()
      .withDeadline(Date.now() + 2_000, () => monitor().query(monitorQuery))
      .catch(() => undefined);
    return status !== undefined && fits(status) ? status : undefined;
  });
}

/** The recovery that the monitor started; undefined while there is none that runs or has just ended. */
async function recoveryAfter(moment: number): Promise<Recovery | undefined> {
  try {
    const { runId, startTime } = await client().workflow.getHandle(recoveryWorkflowId('sandbox')).describe();
    return startTime.getTime() >= moment ? new Recovery(production.sandbox, runId) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function order(kind: 'silence' | 'unsilence'): Promise<void> {
  const common = { id: randomUUID(), by: 'oncall', reason: 'maintenance' };
  const until = new Date(Date.now() + 600_000).toISOString();
  const sent: MonitorOrder = kind === 'silence' ? { ...common, kind, until } : { ...common, kind };
  await monitor().signal(orderSignal, sent);
  await untilMonitor('judged it', ({ verdicts }) =>
    verdicts.some(({ id, accepted }) => id === common.id && accepted),
  );
}

/** Kills the process until the platform does not start it again. */
async function killForGood(): Promise<void> {
  const deployment = production.sandbox.railway.service.active();
  await eventually('the platform gives it up', () => {
    const pid = deployment?.replica?.pid();
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
    return deployment?.status === 'CRASHED' || undefined;
  });
}

const subjects = () => production.sandbox.smtp.messages().map(({ subject }) => subject);

describe('with nobody touching anything', () => {
  it('a killed application is noticed and healthy again within seconds', async () => {
    const { sandbox } = production;
    const killedAt = Date.now();
    await killForGood();
    await down(sandbox);
    await eventually('the application answers', async () =>
      (await healthStatus(sandbox)) === 200 ? true : undefined,
    );
    const tookMs = Date.now() - killedAt;
    const recovery = await eventually('the recovery', () => recoveryAfter(killedAt));
    const report = await recovery.result();
    console.info(`crash to healthy with nobody there: ${tookMs} ms, probes every 5 s`);
    expect(tookMs).toBeLessThanOrEqual(withinMs);
    expect(report).toMatchObject({
      outcome: 'recovered',
      status: { startedBy: 'monitor', scenario: 'application-crash', decisions: [] },
    });
    expect(report.rto.measuredMs).toBeLessThanOrEqual(tookMs + 5_000);
    await untilMonitor('closed the incident', ({ open }) => open === null);
    await eventually('the mails', () => {
      const told = subjects();
      const wanted = ['[sandbox] Incident: application-crash', '[sandbox] Incident closed: recovered'];
      return wanted.every((subject) => told.includes(subject)) || undefined;
    });
  }, 120_000);

  it('rows that were deleted are proposed for recovery, which changes nothing before a person begins it', async () => {
    const { sandbox } = production;
    await customersServed(traffic, sandbox);
    const deployments = sandbox.railway.service.deployments().length;
    const startedAt = Date.now();
    const before = await knownData(sandbox);
    const incident = await damage(sandbox);
    const recovery = await eventually('a recovery', () => recoveryAfter(startedAt));
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
    await untilMonitor('closed the incident', (status) => status.open === null);
  }, 240_000);

  it('what was a false alarm withdraws itself, and a silence holds everything back', async () => {
    const { sandbox } = production;
    await order('silence');
    const silentFrom = Date.now();
    await asSuperuser(sandbox, (superuser) => superuser.query('CREATE ROLE visitor LOGIN SUPERUSER'));
    await untilMonitor('sees it', ({ states }) =>
      states.some(({ signal, trouble }) => signal === 'roles-and-grants' && trouble),
    );
    expect(await recoveryAfter(silentFrom)).toBeUndefined();
    await order('unsilence');
    const recovery = await eventually('a recovery', () => recoveryAfter(silentFrom));
    const open = await recovery.until('the question', (status) => status.open?.kind === 'start');
    expect(open.scenario).toBe('security-breach');
    await asSuperuser(sandbox, (superuser) => superuser.query('DROP ROLE visitor'));
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    await untilMonitor('closed the incident', (status) => status.open === null);
    await eventually(
      'the mail',
      () => subjects().includes('[sandbox] Incident closed: false-alarm') || undefined,
    );
  }, 180_000);

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
    const recovery = await eventually('a recovery', () => recoveryAfter(sentAt));
    // Nobody said since when, so the first check asks where to go back to.
    const open = await recovery.asked('failed-step', 'find-recovery-point');
    await recovery.accepted('abort', { reason: 'the uptime service was wrong' });
    expect(open.answers).toContain('replan');
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    const { states } = await untilMonitor('closed the incident', (status) => status.open === null);
    expect(states.filter(({ trouble }) => trouble).map(({ signal }) => signal)).not.toContain(
      'missing-records',
    );
  }, 180_000);
});
