import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportQuery } from '../../../workflows/contracts/messages.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import { eventually, type Run, refusal, startWorld, type World } from './world/index.ts';

const stepOf = ({ status }: RecoveryReport, id: string) => status.steps.find((step) => step.id === id);
const undone = (run: Run) => run.calls.filter((call) => call.startsWith('undo '));

describe('the way to the safe state', { concurrent: true }, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  test('undoes every measure, newest first, with what was found before it', async () => {
    const run = await world.start({ on: { 'prepare close-shop': () => 'number 7' } });
    await run.asked('demolish');
    await run.answer('reject', { reason: 'wrong shop' });

    const report = await run.report();
    expect(report.outcome).toBe('undone');
    expect(report.headline).toContain('(rejected by admin: wrong shop)');
    expect(stepOf(report, 'demolish')?.state).toBe('rejected');
    expect(undone(run)).toEqual(['undo lock-doors', 'undo close-shop, as number 7']);
    expect(run.calls).not.toContain('demolish');
    expect(report.status.measures).toEqual([]);
  });

  test('undoes an action that took effect and then failed', async () => {
    let locked = false;
    const run = await world.start({
      on: {
        'lock-doors': () => {
          locked = true;
          throw refusal();
        },
        'undo lock-doors': () => {
          locked = false;
        },
      },
    });
    await run.asked('lock-doors');
    await run.answer('abort');
    const report = await run.report();
    expect(report.outcome).toBe('undone');
    expect(stepOf(report, 'lock-doors')).toMatchObject({
      state: 'failed',
      failure: { happened: 'The door is stuck.' },
    });
    expect(undone(run)[0]).toBe('undo lock-doors');
    expect(locked).toBe(false);
  });

  test('does not undo what was never begun', async () => {
    const run = await world.start({
      on: {
        'close-shop': () => {
          throw refusal();
        },
      },
    });
    await run.asked('close-shop');
    await run.answer('abort');
    await run.report();
    expect(undone(run)).toEqual(['undo close-shop, as ']);
  });

  test('is taken when the gate expires, and says so', async () => {
    const run = await world.start({
      policy: (policy) => ({
        ...policy,
        approval: { ...policy.approval, expireMs: 600 },
      }),
    });
    const report = await run.report();
    expect(report.outcome).toBe('undone');
    expect(report.headline).toContain('(Nobody answered before the gate expired)');
    expect(undone(run)).toHaveLength(2);
    expect(run.calls).not.toContain('demolish');
  });

  test('is taken by the cancel of Temporal, which then shows the run as cancelled, with a report', async () => {
    const run = await world.start();
    await run.asked('demolish');
    await run.handle.cancel();

    const failure: unknown = await run.report().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(failure instanceof WorkflowFailedError && failure.cause).toBeInstanceOf(CancelledFailure);
    expect((await run.handle.describe()).status.name).toBe('CANCELLED');
    expect(undone(run)).toHaveLength(2);
    expect(await run.handle.query(reportQuery)).toMatchObject({
      outcome: 'undone',
      storedAt: [expect.stringContaining('recoveries/rehearsal/')],
      status: {
        steps: expect.arrayContaining([
          expect.objectContaining({ id: 'demolish', state: 'failed', summary: 'stopped' }),
        ]),
      },
    });
  });

  test('is taken by an abort while a step is under way, once that has really stopped', async () => {
    let stopped = false;
    let begun = () => {};
    const began = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const run = await world.start({
      on: {
        'lock-doors': async () => {
          begun();
          const { cancelled } = Context.current();
          await cancelled.finally(() => {
            stopped = true;
          });
        },
        'undo lock-doors': () => expect(stopped).toBe(true),
      },
    });
    await began;
    expect(await run.answer('abort')).toMatchObject({ accepted: true, decision: null });
    const report = await run.report();
    expect(report.outcome).toBe('undone');
    expect(undone(run)).toHaveLength(2);
    expect(stepOf(report, 'lock-doors')).toMatchObject({
      state: 'failed',
      summary: 'stopped',
      failure: null,
    });
  });

  test('undoes nothing after the destructive step: what is in force stays and is listed', async () => {
    const run = await world.start();
    await run.asked('demolish');
    await run.answer('approve');
    await run.asked('agree');
    expect((await run.status()).safeState).toBe('the doors stay locked');
    await run.answer('abort');

    const report = await run.report();
    expect(report.outcome).toBe('left-fenced');
    expect(undone(run)).toEqual([]);
    expect(report.status.measures.map(({ inForce }) => inForce)).toEqual(['shop closed', 'doors locked']);
    expect(report.headline).toContain('NOT back');
    expect(report.headline).toContain('shop closed; doors locked');
    expect(stepOf(report, 'agree')).toMatchObject({ state: 'failed', summary: 'stopped' });
  });

  test('waits for a destructive step that is under way to end', async () => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const run = await world.start({ on: { demolish: () => finished } });
    await run.asked('demolish');
    await run.answer('approve');
    await eventually(() => expect(run.calls).toContain('demolish'));
    await run.answer('abort');
    finish();

    const report = await run.report();
    expect(report.outcome).toBe('left-fenced');
    expect(stepOf(report, 'demolish')?.state).toBe('done');
    expect(run.calls).not.toContain('inspect');
  });

  test('keeps why a destructive step failed while somebody stopped the run', async () => {
    let fail = () => {};
    const run = await world.start({
      on: {
        demolish: () =>
          new Promise((_resolve, reject) => {
            fail = () => reject(refusal());
          }),
      },
    });
    await run.asked('demolish');
    await run.answer('approve');
    await eventually(() => expect(run.calls).toContain('demolish'));
    await run.answer('abort');
    fail();
    expect(stepOf(await run.report(), 'demolish')).toMatchObject({
      state: 'failed',
      failure: { happened: 'The door is stuck.' },
    });
  });

  test('says that others can write again when the run is given up after that', async () => {
    const run = await world.start({
      policy: (policy) => ({ ...policy, restore: { ...policy.restore, confirmBeforeResume: false } }),
      on: {
        'open-shop': () => {
          throw refusal();
        },
      },
    });
    await run.asked('demolish');
    await run.answer('approve');
    await run.asked('open-shop');
    await run.answer('abort');
    const report = await run.report();
    expect(report.outcome).toBe('left-fenced');
    expect(report.headline).toContain('may be written to again, but the recovery did not reach its end');
  });

  test('asks about a measure that cannot be taken back, tries again, and goes on with the others', async () => {
    let stuck = true;
    const run = await world.start({
      on: {
        'undo lock-doors': () => {
          if (stuck) throw refusal();
        },
      },
    });
    await run.asked('demolish');
    await run.answer('reject');
    const open = await run.asked('lock-doors');
    expect(open).toMatchObject({ kind: 'failed-undo', answers: ['retry', 'skip'] });
    await run.handle.cancel();
    expect((await run.status()).open?.id).toBe(open.id);
    stuck = false;
    await run.answer('retry');
    await run.report().catch(() => undefined);
    expect(undone(run)).toEqual(['undo lock-doors', 'undo lock-doors', 'undo close-shop, as ']);
    const report = await run.handle.query(reportQuery);
    expect(report?.outcome).toBe('undone');
    expect(report && stepOf(report, 'lock-doors')?.state).toBe('done');
  });

  test('leaves a measure in force, and says so, when a person says to', async () => {
    const run = await world.start({
      on: {
        'undo lock-doors': () => {
          throw refusal();
        },
      },
    });
    await run.asked('demolish');
    await run.answer('reject');
    await run.asked('lock-doors');
    await run.answer('skip', { reason: 'the smith comes tomorrow' });
    const report = await run.report();
    expect(report.outcome).toBe('left-changed');
    expect(report.status.measures.map(({ inForce }) => inForce)).toEqual(['doors locked']);
    expect(undone(run).at(-1)).toBe('undo close-shop, as ');
  });

  test('can be taken for a run that is gone: a repair undoes what that one left, and does nothing else', async () => {
    const since = '2026-01-01T00:00:00Z';
    const run = await world.start({
      input: {
        environment: 'rehearsal',
        startedBy: 'oncall',
        reason: 'the run was terminated',
        ofRunId: 'gone',
        left: {
          destroyed: false,
          measures: [
            { step: 'close-shop', inForce: 'shop closed', since },
            { step: 'lock-doors', inForce: 'doors locked', since },
          ],
          facts: {
            applicationBefore: {
              deploymentId: 'number 9',
              deploymentStatus: 'open',
              running: true,
              autoDeployEnabled: true,
            },
          },
        },
      },
    });
    const report = await run.report();
    expect(run.calls.filter((call) => call !== 'mail')).toEqual([
      'undo lock-doors',
      'undo close-shop, as number 9',
      'put report',
    ]);
    expect(report).toMatchObject({ outcome: 'undone', headline: expect.stringContaining('run gone') });
  });
});
