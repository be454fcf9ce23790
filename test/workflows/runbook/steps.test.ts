import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DrError } from '../../../activities/errors.ts';
import { eventually, type Run, refusal, startWorld, type World } from './world/index.ts';

const times = (run: Run, name: string) => run.calls.filter((call) => call === name).length;

describe('the steps of a runbook', { concurrent: true }, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  test('run in the order of the declaration, each once', async () => {
    const run = await world.start({ on: { 'prepare close-shop': () => 'number 7' } });
    await run.asked('demolish');
    await run.answer('approve');
    await run.asked('agree');
    await run.answer('confirm', { reason: 'it is green' });
    await run.asked('announce');
    await run.answer('approve');

    const report = await run.report();
    expect(run.calls.filter((name) => name !== 'mail')).toEqual([
      'look',
      'prepare close-shop',
      'close-shop',
      'lock-doors',
      'recheck demolish',
      'demolish',
      'inspect',
      'open-shop',
      'greet',
      'announce',
      'put report',
    ]);
    expect(report.outcome).toBe('recovered');
    expect(report.status.measures).toEqual([]);
    expect(report.status.steps.map(({ state }) => state)).toEqual(Array(9).fill('done'));
    expect(report.status.steps.find(({ id }) => id === 'agree')?.summary).toBe('admin: it is green');
    const waited = report.status.steps.reduce((sum, step) => sum + step.waitedForPeopleMs, 0);
    expect(report.waitedForPeopleMs).toBe(waited);
    expect(waited).toBeGreaterThan(0);
  });

  test('are tried again by Temporal, unseen by people, when their failure may pass by itself', async () => {
    const run = await world.start({
      on: {
        look: (attempt) => {
          if (attempt === 1) throw new DrError('provider-unavailable', refusal().explanation);
        },
      },
    });
    await run.asked('demolish');
    expect(times(run, 'look')).toBe(2);
    expect((await run.status()).decisions).toEqual([]);
    await run.answer('abort');
    await run.report();
  });

  test('wait for a person when they fail, and on retry only the failed one runs again', async () => {
    let stuck = true;
    const run = await world.start({
      on: {
        inspect: () => {
          if (stuck) throw refusal();
        },
      },
    });
    await run.asked('demolish');
    await run.answer('approve');
    const open = await run.asked('inspect');
    expect(open.kind).toBe('failed-step');
    expect(open.facts).toEqual(
      expect.arrayContaining([
        { label: 'What happened', value: 'The door is stuck.' },
        { label: 'What it means', value: 'It is still open.' },
        { label: 'What to do', value: 'Oil it.' },
      ]),
    );
    expect((await run.status()).steps.find(({ id }) => id === 'inspect')?.failure?.type).toBe(
      'provider-refused',
    );

    stuck = false;
    await run.answer('retry');
    await run.asked('agree');
    expect(times(run, 'inspect')).toBe(2);
    for (const done of ['look', 'prepare close-shop', 'close-shop', 'lock-doors', 'demolish']) {
      expect(times(run, done), done).toBe(1);
    }
    await run.answer('abort');
    const { status, improvements } = await run.report();
    const inspected = status.steps.find(({ id }) => id === 'inspect');
    expect(inspected?.runs).toMatchObject([{ revision: 1 }, { revision: 1 }]);
    expect(inspected?.waits).toHaveLength(1);
    expect(inspected?.waits?.[0]?.to).toBe(inspected?.runs?.[1]?.from);
    expect(improvements.filter(({ kind }) => kind === 'retry').map(({ step }) => step)).toEqual(['inspect']);
  });

  test('are left out with a reason when they are skipped, where that is allowed', async () => {
    const run = await world.start({
      on: {
        look: () => {
          throw refusal();
        },
      },
    });
    await run.asked('look');
    expect((await run.answer('skip', { reason: 'I know the place' })).accepted).toBe(true);
    await run.asked('demolish');
    expect((await run.status()).steps[0]).toMatchObject({
      state: 'skipped',
      summary: 'admin: I know the place',
    });
    await run.answer('abort');
    await run.report();
  });

  test.for(['demolish', 'inspect'])('are not skipped where that would be wrong: %s', async (step) => {
    const run = await world.start({
      on: {
        [step]: () => {
          throw refusal();
        },
      },
    });
    await run.asked('demolish');
    const approval = await run.answer('approve');
    const open = await run.asked(step);
    expect(open.id).not.toBe(approval.decision);
    expect(open).toMatchObject({ kind: 'failed-step', answers: ['retry', 'replan', 'abort'] });
    expect(await run.answer('skip')).toMatchObject({
      accepted: false,
      verdict: `skip is no answer to ${open.id}; possible are retry, replan, abort.`,
    });
    expect((await run.status()).open?.id).toBe(open.id);
    await run.answer('abort');
    await run.report();
  });

  test('need a new approval when a destructive one failed and is tried again', async () => {
    const run = await world.start({
      on: {
        demolish: () => {
          throw refusal();
        },
      },
    });
    const first = await run.asked('demolish');
    await run.answer('approve');
    await run.asked('demolish', 'failed-step');
    await run.answer('retry');
    await run.asked('demolish', 'approval');
    expect((await run.status()).open?.id).not.toBe(first.id);
    expect(times(run, 'demolish')).toBe(1);
    await run.answer('abort');
    await run.report();
  });

  test('begin again with a replan: another revision, another digest, but what is in force stays so', async () => {
    const run = await world.start({
      on: {
        'prepare close-shop': () => 'number 7',
        inspect: () => {
          throw refusal();
        },
      },
    });
    const first = await run.asked('demolish');
    await run.answer('approve');
    await run.asked('inspect');
    await run.answer('replan', { target: { kind: 'at', moment: '2026-01-01T00:00:30Z' } });

    const second = await run.asked('demolish');
    expect(second.question).toBe('Demolish down to 2026-01-01T00:00:30Z?');
    expect(second.digest).not.toBe(first.digest);
    const { revision, plan, measures, destroyed } = await run.status();
    expect(revision).toBe(2);
    expect(plan?.plan).toMatchObject({ revision: 2, arguments: { downTo: '2026-01-01T00:00:30Z' } });
    expect(measures.map(({ inForce }) => inForce)).toEqual(['shop closed', 'doors locked']);
    expect(destroyed).toBe(true);
    expect(times(run, 'look')).toBe(2);
    expect(times(run, 'lock-doors')).toBe(2);
    expect(times(run, 'prepare close-shop')).toBe(1);
    expect(times(run, 'demolish')).toBe(1);

    expect(await run.answer('approve', first.digest === null ? {} : { digest: first.digest })).toMatchObject({
      accepted: false,
    });
    await run.answer('abort');
    const { status, improvements } = await run.report();
    const looked = status.steps.find(({ id }) => id === 'look');
    expect(looked?.runs).toMatchObject([
      { revision: 1, to: expect.any(String) },
      { revision: 2, to: expect.any(String) },
    ]);
    const kinds = improvements.map(({ kind }) => kind);
    expect(kinds).toContain('replan');
    expect(kinds).not.toContain('retry');
  });

  test('go back to the gate when the approved plan does not hold any more', async () => {
    const reasons = ['There are guests in the shop now.', ''];
    const run = await world.start({ on: { 'recheck demolish': () => reasons.shift() } });
    const first = await run.asked('demolish');
    await run.answer('approve');
    await eventually(async () => expect((await run.status()).revision).toBe(2));
    const second = await run.asked('demolish');
    expect(second.digest).not.toBe(first.digest);
    expect(times(run, 'demolish')).toBe(0);
    expect((await run.status()).warnings).toEqual([
      'The approved plan does not hold any more: There are guests in the shop now.',
    ]);
    await run.answer('approve');
    await run.asked('agree');
    expect(times(run, 'demolish')).toBe(1);
    await run.answer('abort');
    await run.report();
  });

  test('offer no other target once others can write again; an optional one is left out when rejected', async () => {
    const run = await world.start({
      policy: (policy) => ({ ...policy, restore: { ...policy.restore, confirmBeforeResume: false } }),
      on: {
        greet: () => {
          throw refusal();
        },
      },
    });
    await run.asked('demolish');
    await run.answer('approve');
    expect((await run.asked('greet')).answers).toEqual(['retry', 'skip', 'abort']);
    await run.answer('skip');
    expect((await run.asked('announce')).answers).toEqual(['approve', 'reject', 'abort']);
    await run.answer('reject', { reason: 'too early' });

    const report = await run.report();
    expect(report.outcome).toBe('recovered');
    expect(times(run, 'announce')).toBe(0);
    expect(report.status.steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'look done',
      'close-shop done',
      'lock-doors done',
      'demolish done',
      'inspect done',
      'agree not-needed',
      'open-shop done',
      'greet skipped',
      'announce rejected',
    ]);
  });
});
