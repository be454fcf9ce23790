import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerSignals } from '../../workflows/contracts/messages.ts';
import { eventually } from './condition.ts';
import { standing } from './found.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { someTarget } from './truth.ts';

let production: TestProduction;

beforeAll(async () => {
  production = await startProduction();
});
afterEach(() => production.endRun());
afterAll(() => production.stop());

describe('answers to a recovery', () => {
  it('are each judged and recorded, and a refused one changes nothing', async () => {
    const { sandbox } = production;
    const target = await someTarget(sandbox);
    sandbox.supabase.faults.set('list-backups', { kind: 'latency', ms: 2_000 }, 1);
    const recovery = await Recovery.start(sandbox, { target });
    const early = await recovery.answer('approve', {
      decision: 'restore-database-r1-q1',
      workflowId: recovery.workflowId,
      runId: recovery.runId,
      step: 'restore-database',
      digest: 'f'.repeat(64),
    });
    expect(early).toMatchObject({ accepted: false, verdict: expect.stringContaining('Nothing is waiting') });

    const another = Recovery.start(sandbox, { target });
    await expect(another).rejects.toThrow(WorkflowExecutionAlreadyStartedError);

    const gate = await recovery.asked('approval', 'restore-database');
    const approval = recovery.approvalOf(gate);
    const before = await standing(sandbox);
    const refused = [
      [{ ...approval, digest: 'f'.repeat(64) }, 'digest'],
      [{ ...approval, step: 'tell-users' }, 'names step tell-users'],
      [{ ...approval, step: 'restore-everything' }, 'no step restore-everything'],
      [{ ...approval, by: 'mallory' }, 'mallory is not in the policy'],
      [{ ...approval, by: 'oncall' }, 'second person'],
      [{ ...approval, decision: 'restore-database-r9-q9' }, 'not open'],
      [{ ...approval, runId: '00000000-0000-0000-0000-000000000000' }, 'was given to run'],
      [{ ...approval, workflowId: 'recovery-production' }, 'names workflow recovery-production'],
      [{ by: 'admin', decision: gate.id }, 'must name'],
      [{ by: 'admin' }, 'does not name a decision'],
    ] as const;
    for (const [payload, reason] of refused) {
      const verdict = await recovery.answer('approve', payload);
      expect(verdict).toMatchObject({ accepted: false, verdict: expect.stringContaining(reason) });
    }
    expect(await recovery.answer('reject', { decision: gate.id })).toMatchObject({
      accepted: false,
      verdict: expect.stringContaining('needs a reason'),
    });
    expect(await recovery.answer('skip', { decision: gate.id, reason: 'tired' })).toMatchObject({
      accepted: false,
      verdict: expect.stringContaining('skip is no answer'),
    });
    expect(await recovery.status()).toMatchObject({ open: { id: gate.id }, phase: 'waiting-for-approval' });
    expect(await standing(sandbox)).toEqual(before);

    await recovery.accepted('abort', { reason: 'enough was seen' });
    const report = await recovery.result();
    expect(report.outcome).toBe('undone');
    expect(report.status.decisions).toHaveLength(refused.length + 4);
  });

  it('may be malformed in any way, and the run lives on', async () => {
    const { sandbox } = production;
    const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    const gate = await recovery.asked('approval', 'restore-database');
    const { client } = sandbox.temporal.environment;
    const payloads = [
      null,
      'yes',
      7,
      true,
      [],
      {},
      { by: 7 },
      { by: 'admin', digest: { $ne: '' } },
      { by: '' },
    ];
    for (const payload of payloads) {
      await client.workflow.getHandle(recovery.workflowId).signal('approve', payload);
    }
    await client.workflow.getHandle(recovery.workflowId).signal('approve');
    const judged = await recovery.until(
      'a verdict on each malformed answer',
      ({ decisions }) => decisions.length === payloads.length + 1,
    );
    for (const { accepted, verdict } of judged.decisions) {
      expect({ accepted, verdict }).toEqual({
        accepted: false,
        verdict: expect.stringContaining('cannot be read'),
      });
    }
    const after = await recovery.answer('approve', { ...recovery.approvalOf(gate), digest: 'f'.repeat(64) });
    expect(after.accepted).toBe(false);
    await recovery.accepted('abort', { reason: 'enough was seen' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone' });
  });

  it('count once: the second approval and the repeated one have no effect', async () => {
    const { sandbox } = production;
    const requests = sandbox.supabase.calls.all('restore-pitr').length;
    const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    const gate = await recovery.asked('approval', 'restore-database');
    const approval = recovery.approvalOf(gate);
    const [first, second] = await Promise.all([
      recovery.answer('approve', { ...approval, id: 'first' }),
      recovery.answer('approve', { ...approval, id: 'second' }),
      recovery.handle.signal(answerSignals.approve, { ...approval, id: 'first' }),
    ]);
    expect([first.accepted, second.accepted].sort()).toEqual([false, true]);
    const report = await recovery.finishAfterRestore();
    expect(report.outcome).toBe('recovered');
    expect(report.status.decisions.filter(({ id }) => id === 'first')).toHaveLength(1);
    expect(sandbox.supabase.calls.all('restore-pitr')).toHaveLength(requests + 1);
  });

  it('may come from one person alone who breaks the glass, which everybody hears of', async () => {
    const { sandbox } = production;
    const recovery = await Recovery.start(sandbox, {
      target: await someTarget(sandbox),
      startedBy: 'oncall',
    });
    const gate = await recovery.asked('approval', 'restore-database');
    await recovery.accepted('approve', {
      ...recovery.approvalOf(gate),
      by: 'oncall',
      breakGlass: 'nobody else answers the phone',
    });
    const report = await recovery.finishAfterRestore();
    expect(report.outcome).toBe('recovered');
    expect(report.brokenGlass).toEqual(['oncall on restore-database: nobody else answers the phone']);
    const mails = await eventually('the mails about the glass', () => {
      const found = sandbox.smtp
        .messages()
        .filter(({ subject }) => subject.includes('oncall broke the glass'));
      return found.length >= 2 ? found : undefined;
    });
    expect(mails.flatMap(({ to }) => to).sort()).toEqual(['admin@vendhub.local', 'oncall@vendhub.local']);
    expect(mails[0]?.text).toContain('nobody else answers the phone');
  });
});
