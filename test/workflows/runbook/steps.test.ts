import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DrError } from '../../../activities/errors.ts';
import { refusal, startWorld, type World } from './world/index.ts';

describe('the steps of a runbook', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  }, 60_000);
  afterAll(() => world?.stop());

  test('run in the order of the declaration, each once', { timeout: 30_000 }, async () => {
    const run = await world.start({ on: { 'prepare close-shop': () => 'number 7' } });
    await run.asked('demolish');
    await run.answer('approve');
    await run.asked('agree');
    await run.answer('confirm');
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
    expect(report.status.steps.map(({ state }) => state)).toEqual(Array(9).fill('done'));
  });
});
