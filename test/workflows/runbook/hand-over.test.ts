import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startWorld, type World } from './world/index.ts';

describe('a run that finds that another scenario is the right one', { timeout: 30_000 }, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  }, 60_000);
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
      warnings: [expect.stringMatching(/^Run .+ \(application-crash\) handed over: the ground gives way\.$/)],
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
});
