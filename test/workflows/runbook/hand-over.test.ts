import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerSignals } from '../../../workflows/contracts/messages.ts';
import { eventually, refusal, startWorld, type World } from './world/index.ts';

describe('a run that finds that another scenario is the right one', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  test('goes over into it under the same workflow id, with its measures in force', async () => {
    const run = await world.start({
      workflow: 'handingOver',
      on: { 'prepare close-shop': () => 'number 7' },
    });
    const { runId: firstRunId } = await run.handle.describe();
    await run.asked('demolish');
    const status = await run.status();
    expect(status).toMatchObject({
      scenario: 'data-loss',
      reason: 'practice',
      measures: [{ step: 'close-shop' }, { step: 'lock-doors' }],
      warnings: [
        expect.stringMatching(/^Run .+ \(application-crash\) handed over: the ground gives way\.$/),
        'Taken over from it, and still in force: shop closed.',
      ],
    });
    expect(status.runId).not.toBe(firstRunId);
    expect(run.calls.filter((name) => name === 'prepare close-shop')).toHaveLength(1);
    expect(run.calls).not.toContain('open-shop');

    await run.answer('abort');
    const report = await run.report();
    expect(report.outcome).toBe('undone');
    expect(run.calls).toContain('undo close-shop, as number 7');
    expect(run.calls.filter((name) => name === 'put report')).toHaveLength(2);
  });

  test('does not go over when it was told to stop meanwhile', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = await world.start({ workflow: 'handingOver', on: { 'find-cause': () => held } });
    await eventually(() => expect(run.calls).toContain('find-cause'));
    await run.answer('abort');
    release();
    expect(await run.report()).toMatchObject({
      outcome: 'undone',
      status: { scenario: 'application-crash', measures: [] },
    });
    expect(run.calls).not.toContain('look');
  });

  test('goes over when a person says so, where the failed step offers it', async () => {
    const run = await world.start({ workflow: 'offering', on: { 'light-lamps': throwRefusal } });
    const asked = await run.asked('light-lamps', 'failed-step');
    expect(asked.answers).toEqual(['retry', 'go-over', 'abort']);
    expect(asked.facts).toContainEqual({ label: 'EXTRA LOSS', value: 'the lamps' });
    expect(asked.consequences[1]).toBe('builds it anew');

    // The verdict stays with the run that ends by it.
    await run.handle.signal(answerSignals['go-over'], {
      by: 'admin',
      decision: asked.id,
      reason: 'no oil is left',
    });
    await run.asked('demolish');
    const { warnings, measures } = await run.status();
    expect(warnings[0]).toMatch(/handed over: It stays dark\. admin: no oil is left$/);
    expect(measures.map(({ step }) => step)).toEqual(['close-shop', 'lock-doors']);
    await run.answer('abort');
    expect(await run.report()).toMatchObject({ outcome: 'undone' });
  });

  test('goes nowhere where the failed step offers nothing', async () => {
    const run = await world.start({ on: { look: throwRefusal } });
    const asked = await run.asked('look', 'failed-step');
    expect(asked.answers).not.toContain('go-over');
    expect(await run.answer('go-over')).toMatchObject({ accepted: false });
    await run.answer('abort');
    expect(await run.report()).toMatchObject({ outcome: 'undone', status: { scenario: 'data-loss' } });
  });
});

function throwRefusal(): never {
  throw refusal();
}
