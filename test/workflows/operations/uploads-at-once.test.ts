import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startOperationsWorld } from './world.ts';

let world: Awaited<ReturnType<typeof startOperationsWorld>>;

beforeAll(async () => {
  world = await startOperationsWorld();
});
beforeEach(() => {
  world.uploads.free = false;
  world.uploads.most = 0;
});
afterAll(() => world?.stop());

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 180_000, interval: 50 });
const writing = (count: number) => until(() => expect(world.uploads.writing).toHaveLength(count));
const sync = (environment: string) => world.run('uploads-sync', environment);
const transfer = (environment: string, from: string, to: string) =>
  world.run('uploads-transfer', environment, { from, to, replaceNewer: false });

describe('two runs that copy uploads at once', () => {
  it('do not write to one place: the second says who has it and stands back, also after the worker died', async () => {
    const first = sync('one-place');
    await writing(1);
    await world.restartWorker();
    await writing(1);
    const second = await sync('one-place');
    expect(second).toMatchObject({ outcome: 'stood-back', failure: { type: 'uploads-busy' } });
    expect(second.failure?.happened).toMatch(
      /^Another run copies uploads at folder s3-backup; it is the parent of uploads-hold-one-place-folder-s3-backup /,
    );
    expect(await transfer('one-place', 'copy', 'application')).toMatchObject({ outcome: 'stood-back' });
    expect(await transfer('one-place', 'copy', 'second')).toMatchObject({ outcome: 'stood-back' });
    world.uploads.free = true;
    expect((await first).outcome).toBe('succeeded');
    expect((await sync('one-place')).outcome).toBe('succeeded');
    expect(world.uploads.most).toBe(1);
    expect(await world.alerting.listIncidents({ environment: 'one-place' })).toEqual([]);
  });

  it('go on beside each other to different places, and in different environments', async () => {
    const runs = [
      sync('beside'),
      transfer('beside', 'application', 'second'),
      transfer('other', 'application', 'second'),
    ];
    await writing(3);
    world.uploads.free = true;
    for (const { outcome } of await Promise.all(runs)) expect(outcome).toBe('succeeded');
  });

  it('are kept apart by Temporal also when both start at the same moment', async () => {
    const runs = [sync('race'), sync('race'), sync('race'), sync('race')];
    await writing(1);
    const ended: string[] = [];
    for (const run of runs) void run.then(({ outcome }) => ended.push(outcome));
    await until(() => expect(ended).toEqual(['stood-back', 'stood-back', 'stood-back']));
    world.uploads.free = true;
    await until(() => expect(ended.at(3)).toBe('succeeded'));
    expect(world.uploads.most).toBe(1);
  });

  it.each(['terminate', 'cancel'] as const)('leave nothing held when the first is ended: %s', async (end) => {
    const first = await world.start('uploads-sync', end);
    await writing(1);
    await (end === 'cancel' ? first.cancel() : first.terminate());
    await expect(first.result()).rejects.toThrow();
    await writing(0);
    world.uploads.free = true;
    await until(async () => expect((await sync(end)).outcome).toBe('succeeded'));
    expect(world.uploads.most).toBe(1);
  });
});
