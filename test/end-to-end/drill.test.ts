import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { monitorQuery, monitorWorkflowId } from '../../workflows/contracts/monitor.ts';
import { taskQueue } from '../../workflows/contracts/names.ts';
import { terminal } from '../client/peer/terminal.ts';
import { startTraffic, type Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { crashPolicy, healthStatus } from './crash.ts';
import { Drills, operationRecord } from './drills.ts';
import { startProduction, type TestProduction } from './production.ts';
import { takeBackup } from './run-operation.ts';
import {
  asSuperuser,
  customersServed,
  nextTransaction,
  salesOf,
  secondIsOver,
  stillDatabase,
} from './truth.ts';

let production: TestProduction;
let drills: Drills;
let traffic: Traffic | null = null;

beforeAll(async () => {
  production = await startProduction({ policy: crashPolicy });
  drills = new Drills(production);
});
afterEach(async () => {
  await traffic?.stop();
  traffic = null;
});
afterAll(async () => {
  drills?.store.close();
  await production?.stop();
});

/** The record of a drill that was not held to its end. */
const endedEarly = z.object({
  failure: z.string(),
  criteria: z.array(z.object({ name: z.string(), passed: z.boolean(), found: z.string() })),
});

async function customersBuy(): Promise<void> {
  const { sandbox } = production;
  traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
  await customersServed(traffic, sandbox);
  await takeBackup(sandbox);
  await customersServed(traffic, sandbox);
}

describe('a drill in the sandbox', () => {
  it('of data loss is recovered by the runbook with simulated answers, and shows each criterion met', async () => {
    await customersBuy();
    const { record, stored } = await drills.hold('data-loss', '--simulate-approvals');
    expect(stored).toMatchObject({
      scenario: 'data-loss',
      fault: { id: 'deleted-rows' },
      verdict: 'verified (sandbox)',
      surprise: false,
      participants: [
        { name: 'oncall', took: 'part' },
        { name: 'admin', took: 'a simulated part' },
      ],
    });
    expect(stored.steps.map(({ step }) => step)).toEqual([
      'announce',
      'break',
      'recover',
      'verify',
      'document',
      'review',
    ]);
    expect(stored.approvals.map(({ kind }) => kind)).toEqual(['approve', 'confirm', 'reject']);
    for (const { simulated, by, reason } of stored.approvals) {
      expect({ simulated, by }).toEqual({ simulated: true, by: 'admin' });
      expect(reason).toContain(`SIMULATED by ${record.workflowId}`);
    }
    const sales = stored.data.tables.find(({ table }) => table === 'public.sales');
    expect(sales?.expected).toBeGreaterThan(1_000);
    expect(Object.keys(stored.fingerprint.code).length).toBeGreaterThan(0);
    expect(stored.improvements.map(({ kind }) => kind)).toContain('slowest-step');
    await drills.nothingIsLeft();
    const subjects = production.sandbox.smtp.messages().map(({ subject }) => subject);
    expect(subjects).toContain('DRILL begins in sandbox');
    expect(subjects).toContain('DRILL is over in sandbox: verified (sandbox)');
  });

  it('of a crash needs nobody, and can be watched', async () => {
    await customersBuy();
    const { code, out } = await drills.oncall.dr(
      'drill',
      'application-crash',
      '--simulate-approvals',
      '--watch',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/RECOVERED[\s\S]*SUCCEEDED {2}drill in sandbox/i);
    const stored = await drills.storedRecord(/^run: (drill-\S+)$/m.exec(out)?.[1] ?? '');
    expect(stored).toMatchObject({ scenario: 'application-crash', fault: { id: 'killed-process' } });
    expect(stored.approvals).toEqual([]);
    expect((await drills.oncall.dr('drill', 'list')).out).toContain('verified (sandbox)');
    await drills.nothingIsLeft();
  });

  it('that is a surprise tells what it breaks only when it is over', async () => {
    await customersBuy();
    const mailsBefore = production.sandbox.smtp.messages().length;
    const { stored } = await drills.hold('--surprise', '--simulate-approvals');
    expect(stored.surprise).toBe(true);
    const mails = production.sandbox.smtp.messages().slice(mailsBefore);
    const announced = mails.find(({ subject }) => subject === 'DRILL begins in sandbox');
    expect(announced?.text).toContain('a surprise');
    expect(announced?.text).not.toContain(stored.scenario);
    const over = mails.find(({ subject }) => subject.startsWith('DRILL is over'));
    expect(over?.text).toContain(stored.scenario);
    await drills.nothingIsLeft();
  });

  it('with people asks them as an incident would, outlives its worker, and records who is trained now', async () => {
    await customersBuy();
    const drill = drills.oncall.dr('drill', 'data-loss', '--json');
    const { recovery } = await drills.recoveryAtItsGate();
    const killed = production.worker();
    await production.startWorker();
    killed.signal('SIGKILL');
    await killed.ended;
    await recovery.approve();
    await recovery.finishAfterRestore();
    const { record, stored } = await drills.endsWell(drill);
    expect(stored.approvals.map(({ simulated, by }) => [by, simulated])).toEqual(
      Array.from({ length: 3 }, () => ['admin', false]),
    );
    expect(stored.participants).toEqual([
      { name: 'oncall', took: 'part' },
      { name: 'admin', took: 'part' },
    ]);
    const [attestation = ''] = (await drills.keysBelow('attestations/sandbox/team-trained/')).slice(-1);
    expect(await drills.store.getText(attestation)).toContain(record.workflowId);
    await drills.nothingIsLeft();
  });

  it('whose plan a person rejects has not succeeded, and leaves no row missing all the same', async () => {
    await customersBuy();
    await traffic?.stop();
    const before = await salesOf(production.sandbox);
    // A recovery point is a whole second: what was committed in the one of the fault is lost.
    await secondIsOver(production.sandbox);
    const drill = drills.oncall.dr('drill', 'data-loss', '--fault', 'update-without-where', '--json');
    const { recovery } = await drills.recoveryAtItsGate();
    const open = await recovery.asked('approval', 'restore-database');
    await recovery.accepted('reject', { decision: open.id, reason: 'what would happen?' });
    const { code, out } = await drill;
    expect(code).toBe(1);
    const { checks, outcome } = operationRecord.parse(JSON.parse(out));
    expect(outcome).toBe('failed');
    expect(checks.find(({ name }) => name === 'Recovery completed within RTO')).toMatchObject({
      passed: false,
      found: 'not recovered',
    });
    expect(checks.find(({ name }) => name === 'Nothing of the drill left behind')).toMatchObject({
      passed: true,
      found: expect.stringContaining('recovered by the runbook, with simulated answers'),
    });
    await drills.nothingIsLeft();
    const after = new Map((await salesOf(production.sandbox)).map((sale) => [sale.receipt, sale.content]));
    expect(before.filter(({ receipt, content }) => after.get(receipt) !== content)).toEqual([]);
    const cheap = await asSuperuser(production.sandbox, async (client) => {
      const { rowCount } = await client.query('SELECT FROM public.products WHERE price_cents = 1');
      return rowCount;
    });
    expect(cheap).toBe(0);
  });

  it('whose worker is killed while it breaks is recovered all the same', async () => {
    await customersBuy();
    await traffic?.stop();
    const killed = production.worker();
    const drill = drills.oncall.dr('drill', 'database-corruption', '--simulate-approvals', '--json');
    await eventually('the server is down, because its files are being damaged', () =>
      salesOf(production.sandbox).then(
        () => undefined,
        () => true,
      ),
    );
    killed.signal('SIGKILL');
    await production.startWorker();
    expect((await drill).code).toBe(1);
    const [newest = ''] = (await drills.keysBelow('drills/sandbox/'))
      .filter((key) => key.endsWith('.json'))
      .slice(-1);
    const { criteria: judged, failure } = endedEarly.parse(
      JSON.parse((await drills.store.getText(newest)) ?? ''),
    );
    expect(failure).toContain('breakProduction did not finish in time');
    expect(judged.filter(({ passed }) => passed)).toEqual([
      {
        name: 'Nothing of the drill left behind',
        passed: true,
        found: expect.stringContaining('recovered by the runbook, with simulated answers'),
      },
    ]);
    expect((await salesOf(production.sandbox)).length).toBeGreaterThan(1_000);
    await drills.nothingIsLeft();
  });

  it('that was terminated is cleaned up by the next: its recovery is brought to its end, no row is missing', async () => {
    await customersBuy();
    await traffic?.stop();
    const before = await salesOf(production.sandbox);
    // A recovery point is a whole second: what was committed in the one of the fault is lost.
    await secondIsOver(production.sandbox);
    const lost = drills.oncall.dr('drill', 'data-loss', '--json');
    const { drillId } = await drills.recoveryAtItsGate();
    const { workflow } = production.sandbox.temporal.environment.client;
    await workflow.getHandle(drillId).terminate('the machine burned down');
    expect((await lost).code).toBe(1);
    expect(await drills.keysBelow('drills-open/')).not.toEqual([]);

    const { record } = await drills.hold('application-crash', '--simulate-approvals');
    expect(record.details.join('\n')).toContain(`${drillId} had been ended before it was over: the recovery`);
    await drills.nothingIsLeft();
    const after = new Map((await salesOf(production.sandbox)).map((sale) => [sale.receipt, sale.content]));
    expect(before.filter(({ receipt, content }) => after.get(receipt) !== content)).toEqual([]);
  });

  it('that is left to the monitor is noticed and recovered with nobody there', async () => {
    const { workflow } = production.sandbox.temporal.environment.client;
    await customersBuy();
    await workflow.execute('keepMonitor', {
      taskQueue,
      workflowId: 'keep-monitor',
      args: [{ environment: 'sandbox', startedBy: 'schedule' }],
    });
    const monitor = workflow.getHandle(monitorWorkflowId('sandbox'));
    await eventually('the monitor has seen a healthy application', async () => {
      const { states } = await monitor.query(monitorQuery);
      return (
        states.some(({ signal, goodInARow }) => signal === 'health-check' && goodInARow > 0) || undefined
      );
    });
    try {
      const { record } = await drills.hold('application-crash', '--unaided');
      expect(record.details.join('\n')).toMatch(/recover: started \d+ s after the fault by the monitor;/);
      await drills.nothingIsLeft();
    } finally {
      await monitor.terminate('the test is over');
    }
  });
});

describe('a drill with production’s credentials', () => {
  it('is refused with exit code 2 before anything was done or said', async () => {
    const another = await startProduction({
      policy: crashPolicy,
      workerEnvironment: () => ({ DRILL_PROJECT_REF: 'stagingstagingstagin' }),
    });
    try {
      const { sandbox } = another;
      await stillDatabase(sandbox);
      const before = { next: await nextTransaction(sandbox), writes: sandbox.supabase.calls.writes().length };
      const person = terminal(sandbox.temporal.environment, { ...sandbox.environment, DR_USER: 'oncall' });
      const { code, err } = await person.dr('drill', 'data-loss', '--simulate-approvals');
      expect(code).toBe(2);
      expect(err).toContain('DRILL_PROJECT_REF allows drills in stagingstagingstagin only');
      expect(err).toMatch(/nothing was broken/);
      expect(sandbox.supabase.calls.writes()).toHaveLength(before.writes);
      expect(sandbox.railway.calls.writes()).toEqual([]);
      expect(sandbox.smtp.messages()).toEqual([]);
      expect(await nextTransaction(sandbox)).toBe(before.next);
      expect(await healthStatus(sandbox)).toBe(200);
      const list = await person.dr('drill', 'list');
      expect(list.out).toContain('NO DRILLS HERE');
      const schedules = await person.dr('schedules', 'apply', '--json');
      expect(schedules.out).not.toContain('"drill"');
    } finally {
      await another.stop();
    }
  });
});
