import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DrError } from '../../../activities/errors.ts';
import { type Run, refusal, startWorld, type World } from './world/index.ts';

const restoreCalls = (run: Run) =>
  run.calls.filter((call) => ['arm', 'send', 'settle', 'await'].includes(call));

describe('at most one restore', { concurrent: true }, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  async function approved(on: Parameters<World['start']>[0]) {
    const run = await world.start({ workflow: 'restoring', ...on });
    await run.asked('restore');
    await run.answer('approve');
    return run;
  }

  test('is sent after arming, settled and waited for', async () => {
    const run = await approved({});
    const report = await run.report();
    expect(report.outcome).toBe('recovered');
    expect(report.headline).toContain('the application is healthy');
    expect(restoreCalls(run)).toEqual(['arm', 'send', 'settle', 'await']);
  });

  test('is only waited for again, without a new approval, when it was accepted and the waiting failed', async () => {
    let stuck = true;
    const run = await approved({
      on: {
        await: () => {
          if (stuck) throw new DrError('restore-stuck', refusal().explanation);
        },
      },
    });
    await run.asked('restore', 'failed-step');
    stuck = false;
    await run.answer('retry');
    expect((await run.report()).outcome).toBe('recovered');
    expect(restoreCalls(run)).toEqual(['arm', 'send', 'settle', 'await', 'await']);
  });

  test('is not sent by a worker that died twice: what became of it is settled by evidence', async () => {
    const run = await approved({
      on: {
        send: () => {
          throw new Error('the connection was cut');
        },
        'open-shop': () => 'in the dark',
      },
    });
    const report = await run.report();
    expect(report.outcome).toBe('recovered');
    expect(report.headline).toContain('nobody has seen the application healthy');
    expect(restoreCalls(run)).toEqual(['arm', 'send', 'settle', 'await']);
  });

  test('is asked about when nothing proves what became of it, and not sent again when a person saw it', async () => {
    const run = await approved({ on: { settle: () => 'unproved' } });
    await run.asked('restore', 'restore-unproved');
    expect((await run.status()).open).toMatchObject({
      answers: ['confirm', 'reject'],
      facts: expect.arrayContaining([{ label: 'Evidence', value: 'as the test arranged' }]),
    });
    expect((await run.status()).destroyed).toBe(true);
    await run.answer('confirm', { reason: 'the dashboard shows it' });
    expect((await run.report()).outcome).toBe('recovered');
    expect(restoreCalls(run)).toEqual(['arm', 'send', 'settle', 'await']);
  });

  test('is sent again only after a person vouched that it was not accepted, and a new approval', async () => {
    const settlements = ['unproved', 'accepted'];
    const run = await approved({ on: { settle: () => settlements.shift() } });
    await run.asked('restore', 'restore-unproved');
    await run.answer('reject', { reason: 'the support says so' });
    await run.asked('restore', 'failed-step');
    expect((await run.status()).destroyed).toBe(false);
    await run.answer('retry');
    await run.asked('restore', 'approval');
    expect(restoreCalls(run)).toEqual(['arm', 'send', 'settle']);
    await run.answer('approve');
    expect((await run.report()).outcome).toBe('recovered');
    expect(restoreCalls(run)).toEqual(['arm', 'send', 'settle', 'arm', 'send', 'settle', 'await']);
  });

  test.for([
    ['refused', { kind: 'refused', message: 'no backup' }, 'restore-refused'],
    ['not sent', { kind: 'not-sent', reason: 'too late' }, 'restore-not-accepted'],
  ] as const)('destroys nothing when it was %s: everything can be undone', async ([, outcome, type]) => {
    const run = await approved({ on: { send: () => outcome } });
    await run.asked('restore', 'failed-step');
    const { steps, destroyed } = await run.status();
    expect(steps.find(({ id }) => id === 'restore')?.failure?.type).toBe(type);
    expect(destroyed).toBe(false);
    await run.answer('abort');
    expect((await run.report()).outcome).toBe('undone');
    expect(run.calls).toContain('undo lock-doors');
    expect(restoreCalls(run)).toEqual(['arm', 'send']);
  });

  test('leaves everything as it is when people give up on a restore that was accepted', async () => {
    const run = await approved({
      on: {
        await: () => {
          throw new DrError('restore-failed', refusal().explanation);
        },
      },
    });
    await run.asked('restore', 'failed-step');
    await run.answer('abort');
    expect(await run.report()).toMatchObject({
      outcome: 'left-fenced',
      status: { measures: [{ inForce: 'doors locked' }] },
    });
    expect(run.calls).not.toContain('undo lock-doors');
  });
});
