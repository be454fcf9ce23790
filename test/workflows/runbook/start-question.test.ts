import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withdrawSignal } from '../../../workflows/contracts/messages.ts';
import { eventually, startWorld, type World } from './world/index.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const proposal = {
  incidentId: 'i1',
  because: 'Rows are missing.',
  evidence: ['7 rows are missing (since 03:00)'],
  seen: true,
};
const input = { startedBy: 'monitor', proposal } as const;
const posted = 'post [rehearsal] Rehearsal: the monitor proposes this recovery; shall it begin?';

describe('a recovery that the monitor proposes', () => {
  it('asks once after its checks and before its first change, whom the policy lets approve', async () => {
    const run = await world.start({
      input,
      policy: (policy) => ({
        ...policy,
        people: [...policy.people, { name: 'junior', email: 'junior@vendhub.local', mayApprove: false }],
      }),
    });
    const open = await run.asked('close-shop', 'start');
    expect(open.facts).toEqual(
      expect.arrayContaining([
        { label: 'Why', value: 'Rows are missing.' },
        { label: 'Evidence', value: '7 rows are missing (since 03:00)' },
        { label: 'Found', value: 'Look around: looked' },
        { label: 'Done first', value: 'Close the shop; it can be taken back: Open the shop' },
        { label: 'Asked again before', value: 'Demolish the shop' },
      ]),
    );
    await eventually(() => expect(run.calls).toEqual(['look', 'mail', posted]));
    expect(await run.answer('approve', { by: 'junior' })).toMatchObject({
      accepted: false,
      verdict: expect.stringContaining('junior may not approve'),
    });
    expect(await run.answer('approve', { by: 'oncall' })).toMatchObject({ accepted: true });
    await run.asked('demolish', 'approval');
    expect(run.calls).toContain('lock-doors');
    // Nobody started it, so nobody is the second person.
    expect(await run.answer('approve', { by: 'oncall' })).toMatchObject({ accepted: true });
    await run.answer('abort');
    await run.report();
  });

  it('changes nothing where a person rejects it', async () => {
    const run = await world.start({ input });
    await run.asked('close-shop', 'start');
    await run.answer('reject');
    expect(await run.report()).toMatchObject({
      outcome: 'undone',
      headline: expect.stringContaining('rejected by admin: because'),
    });
    expect(run.calls.filter((call) => /shop|doors/.test(call))).toEqual([]);
  });

  it('looks and asks again for another target', async () => {
    const run = await world.start({ input });
    await run.asked('close-shop', 'start');
    await run.answer('replan', { target: { kind: 'at', moment: '2026-01-02T00:00:00Z' } });
    await eventually(async () => {
      const { open, revision } = await run.status();
      expect([open?.kind, revision]).toEqual(['start', 2]);
    });
    expect(run.calls.filter((call) => call === 'look')).toHaveLength(2);
    await run.answer('approve');
    const gate = await run.asked('demolish', 'approval');
    expect(gate.question).toContain('2026-01-02');
    await run.answer('reject');
    await run.report();
  });

  it('ends when it is withdrawn while it waits, and not after it was begun', async () => {
    const waiting = await world.start({ input });
    await waiting.asked('close-shop', 'start');
    await waiting.handle.signal(withdrawSignal, { reason: 'nothing is to be seen any more' });
    expect(await waiting.report()).toMatchObject({ outcome: 'undone' });

    const begun = await world.start({ input });
    await begun.asked('close-shop', 'start');
    await begun.answer('approve');
    await begun.asked('demolish', 'approval');
    await begun.handle.signal(withdrawSignal, { reason: 'nothing is to be seen any more' });
    await eventually(async () =>
      expect((await begun.status()).warnings).toContain(
        'The monitor says meanwhile: nothing is to be seen any more',
      ),
    );
    expect((await begun.status()).open?.kind).toBe('approval');
    await begun.answer('reject');
    await begun.report();
  });

  it('is not let in without what it proposes', async () => {
    const run = await world.start({ input: { startedBy: 'monitor' } });
    await expect(run.report()).rejects.toMatchObject({
      cause: { cause: { type: 'input-invalid', message: expect.stringContaining('not in the policy') } },
    });
  });
});
