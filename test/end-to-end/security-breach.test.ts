import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { intrude, loginAnswer, tracesLeft } from './intrusion.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { takeBackup } from './run-operation.ts';
import { historyTexts, leaks, secretsOf } from './secrets.ts';
import { customersServed, salesOf, secondIsOver } from './truth.ts';

let production: TestProduction;
/** Connection strings as an intruder read them. */
let stolen: { readonly operator: string; readonly application: string };
/** When the restore was over and no credential was exchanged yet. */
let beforeRotation: string;

beforeAll(async () => {
  production = await startProduction();
});
afterEach(() => production.endRun());
afterAll(() => production.stop());

const input = {
  environment: 'sandbox',
  startedBy: 'oncall',
  reason: 'somebody logged in who must not',
  target: null,
} as const;

describe('a recovery from a security breach', () => {
  it('isolates, keeps evidence, goes back to the last clean backup, and makes stolen secrets worthless', async () => {
    const { sandbox } = production;
    const { railway, supabase } = sandbox;
    const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    stolen = {
      operator: sandbox.environment['DATABASE_URL'] ?? '',
      application: railway.service.variables['DATABASE_URL'] ?? '',
    };
    const intruder = await intrude(stolen.operator);
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    await traffic.stop();
    const before = await salesOf(sandbox);
    const secretsBefore = secretsOf(sandbox);

    const incidentAt = new Date().toISOString();
    const recovery = await Recovery.launch(sandbox, { ...input, incidentAt }, 'security-breach');
    const gate = await recovery.asked('approval', 'restore-database');
    const facts = gate.facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
    expect(facts).toMatch(
      /Recovery point: Chosen: .*own backup recent\/.* without traces; first traces in recent\//,
    );
    const isolated = await recovery.status();
    expect(isolated.measures.map(({ step }) => step)).toEqual([
      'fence-database',
      'pause-deployments',
      'stop-application',
    ]);
    expect(isolated.safeState).toContain('stays isolated');
    const evidence = isolated.steps.find(({ id }) => id === 'preserve-volatile-evidence');
    expect(evidence?.summary).toMatch(/evidence\/sandbox\/breach\//);
    expect(evidence?.summary).toContain('intruder');
    expect(supabase.calls.all('restore-pitr')).toEqual([]);

    await recovery.approve();
    await recovery.confirm();
    const rotation = await recovery.asked('approval', 'rotate-credentials');
    // A recovery point is a whole second: the one that runs may have begun before the window that the restore opened.
    await secondIsOver(sandbox);
    beforeRotation = new Date().toISOString();
    await recovery.accepted('approve', recovery.approvalOf(rotation));
    const byHand = await recovery.asked('manual-step', 'rotate-by-hand');
    expect(byHand.facts.map(({ label }) => label)).toContain('object-store');
    await recovery.accepted('confirm', { decision: byHand.id, reason: 'done at the store' });
    const open = await recovery.asked('approval', 'tell-users');
    await recovery.accepted('reject', { decision: open.id, reason: 'the lawyers write to them' });
    const report = await recovery.result();

    expect(report).toMatchObject({ outcome: 'recovered', rto: { met: true } });
    expect(await loginAnswer(stolen.operator)).toBe('refused');
    expect(await loginAnswer(stolen.application)).toBe('refused');
    expect(await loginAnswer(railway.service.variables['DATABASE_URL'] ?? '')).toBe('accepted');
    await intruder.end().catch(() => undefined);
    expect(await tracesLeft(sandbox)).toBe(0);
    const target = new Date((report.restoredToUnix ?? 0) * 1000).toISOString().replace('Z', '000Z');
    const restored = new Map((await salesOf(sandbox)).map(({ receipt, content }) => [receipt, content]));
    const kept = before.filter(({ committedAt }) => committedAt <= target);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter(({ receipt, content }) => restored.get(receipt) !== content)).toEqual([]);
    const health = await fetch(`${railway.applicationUrl}/health`);
    expect(health.status).toBe(200);
    const customers = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
    await expect.poll(() => customers.totals().acknowledged).toBeGreaterThan(5);
    await customers.stop();

    const texts = historyTexts(await recovery.handle.fetchHistory());
    for (const secrets of [secretsBefore, secretsOf(sandbox)]) {
      expect(texts.flatMap((text) => leaks(text, secrets))).toEqual([]);
    }
    // The worker goes on with the exchanged password.
    await takeBackup(sandbox);
  });

  it('stays closed after a later data loss that goes back to before the exchange: passwords are set again', async () => {
    const { sandbox } = production;
    const { railway } = sandbox;
    const recovery = await Recovery.start(sandbox, { target: { kind: 'at', moment: beforeRotation } });
    await recovery.approve();
    const report = await recovery.finishAfterRestore();

    expect(report.outcome).toBe('recovered');
    const restated = report.status.steps.find(({ id }) => id === 'restate-passwords');
    expect(restated).toMatchObject({ state: 'done', summary: expect.stringMatching(/: restated/) });
    expect(await loginAnswer(stolen.operator)).toBe('refused');
    expect(await loginAnswer(stolen.application)).toBe('refused');
    expect(await loginAnswer(railway.service.variables['DATABASE_URL'] ?? '')).toBe('accepted');
    expect((await fetch(`${railway.applicationUrl}/health`)).status).toBe(200);
    await takeBackup(sandbox);
  });

  it('stays isolated when the plan is rejected', async () => {
    const { sandbox } = production;
    const recovery = await Recovery.launch(
      sandbox,
      { ...input, incidentAt: new Date().toISOString() },
      'security-breach',
    );
    const gate = await recovery.asked('approval', 'restore-database');
    await recovery.accepted('reject', { decision: gate.id, reason: 'let us look first' });
    const report = await recovery.result();
    expect(report.outcome).toBe('left-fenced');
    expect(report.headline).toContain('is isolated: it was not rewound');
    expect(sandbox.postgres.networkRestrictions()).toEqual(['127.0.0.1/32']);
    expect(sandbox.railway.service.active()?.status).not.toBe('SUCCESS');
  });
});
