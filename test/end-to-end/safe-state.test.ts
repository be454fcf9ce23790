import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { undoFactsQuery } from '../../workflows/contracts/messages.ts';
import { eventually } from './condition.ts';
import { standing } from './found.ts';
import { quickPolicy, startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { someTarget } from './truth.ts';

let production: TestProduction;

beforeAll(async () => {
  production = await startProduction();
});
afterEach(() => production.endRun());
afterAll(() => production.stop());

async function startToGate(): Promise<Recovery> {
  const recovery = await Recovery.start(production.sandbox, { target: await someTarget(production.sandbox) });
  await recovery.asked('approval', 'restore-database');
  return recovery;
}

async function cancelledReport(recovery: Recovery) {
  const { report, cancelled } = await recovery.end();
  expect(cancelled).toBe(true);
  expect(report.outcome).toBe('undone');
  return report;
}

describe('the safe state before the restore', () => {
  it('is reached by a rejection: the application runs as it was found', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    expect(found).toMatchObject({ health: 200, autoDeploy: true, restoreRequests: 0 });
    const recovery = await startToGate();
    expect(await standing(sandbox)).toMatchObject({
      health: 502,
      autoDeploy: false,
      allowedCidrs: ['127.0.0.1/32'],
    });
    const { open } = await recovery.status();
    await recovery.accepted('reject', { decision: open?.id ?? '', reason: 'too much would be lost' });
    const report = await recovery.result();
    expect(report).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    expect(await standing(sandbox)).toEqual(found);
  });

  it('is reached by an abort in the middle of a step', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    sandbox.supabase.faults.switchOn('restrictions-stay-stored');
    const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    await recovery.untilStep('fence-database', 'running');
    await eventually('the fence that is asked for', () =>
      sandbox.supabase.calls.all('apply-network-restrictions').length > 0 ? true : undefined,
    );
    await recovery.accepted('abort', { reason: 'it was a false alarm' });
    await recovery.until('measures that are taken back', ({ phase }) => phase === 'undoing');
    sandbox.supabase.faults.switchOff('restrictions-stay-stored');
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    expect(await standing(sandbox)).toEqual(found);
  });

  it('is reached by an abort between the approval and the restore, which is then never asked for', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    const recovery = await startToGate();
    const { open } = await recovery.status();
    if (open === null) throw new Error('The gate is not open.');
    const looksBefore = sandbox.supabase.calls.all('list-backups').length;
    sandbox.supabase.faults.set('list-backups', { kind: 'latency', ms: 3_000 }, 1);
    await recovery.accepted('approve', recovery.approvalOf(open));
    await eventually('the last look at the plan', () =>
      sandbox.supabase.calls.all('list-backups').length > looksBefore ? true : undefined,
    );
    await recovery.accepted('abort', { reason: 'the rows were found' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    expect(await standing(sandbox)).toEqual(found);
  });

  it('is reached by a cancellation in Temporal, at the gate and in the middle of a step', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    const atGate = await startToGate();
    await atGate.handle.cancel();
    await cancelledReport(atGate);
    expect(await standing(sandbox)).toEqual(found);

    sandbox.supabase.faults.set('apply-network-restrictions', { kind: 'latency', ms: 4_000 }, 1);
    const inStep = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    await inStep.untilStep('fence-database', 'running');
    await inStep.handle.cancel();
    const report = await cancelledReport(inStep);
    expect(report.headline).toContain('Temporal: the run was cancelled');
    expect(await standing(sandbox)).toEqual(found);
  });

  it('is reached when nobody answers at the gate, after a reminder and a call to everybody', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    await production.worker().stop();
    await production.startWorker({ ...quickPolicy, dataLossRtoMs: 4_000, approval: { expireMs: 2_500 } });
    const recovery = await startToGate();
    const report = await recovery.result();
    expect(report).toMatchObject({ outcome: 'undone', status: { measures: [], decisions: [] } });
    expect(report.headline).toContain('Nobody answered before the gate expired');
    expect(await standing(sandbox)).toEqual(found);
    const subjects = sandbox.smtp.messages().map(({ subject }) => subject);
    expect(subjects).toContain('[sandbox] Reminder: Data loss: your approval is needed');
    expect(subjects).toContain('[sandbox] Nobody has answered: Data loss: your approval is needed');
    await production.worker().stop();
    await production.startWorker();
  });
});

describe('the safe state after the restore', () => {
  it('keeps everybody out and lists what is in force, until a repair takes it back', async () => {
    const { sandbox } = production;
    const found = await standing(sandbox);
    const recovery = await startToGate();
    await recovery.approve();
    await recovery.asked('manual-step', 'confirm-restored-data');
    await recovery.accepted('abort', { reason: 'the data looks wrong' });
    const report = await recovery.result();
    expect(report.outcome).toBe('left-fenced');
    expect(report.status.measures.map(({ step }) => step)).toEqual([
      'pause-deployments',
      'stop-application',
      'fence-database',
    ]);
    for (const { inForce } of report.status.measures) expect(report.headline).toContain(inForce);
    expect(await standing(sandbox)).toMatchObject({
      health: 502,
      autoDeploy: false,
      allowedCidrs: ['127.0.0.1/32'],
    });

    const facts = await recovery.handle.query(undoFactsQuery);
    const repair = await Recovery.launch(sandbox, {
      environment: 'sandbox',
      startedBy: 'admin',
      reason: 'the data was right after all',
      ofRunId: recovery.runId,
      left: { measures: report.status.measures, facts, destroyed: true },
    });
    expect(await repair.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    expect(await standing(sandbox)).toEqual({
      ...found,
      restoreRequests: found.restoreRequests + 1,
      timeline: found.timeline + 1,
    });
  });
});
