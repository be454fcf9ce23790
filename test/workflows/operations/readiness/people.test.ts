import { describe, expect, it } from 'vitest';
import { policy } from '../../../../worker/policy.ts';
import { is, judge } from './judge.ts';

describe('people', () => {
  it.each(['Recovery plan documented', 'Team trained on recovery'])(
    'may vouch for what no probe can know: %s',
    (name) => {
      const { state, found, todo } = judge(name, { attestations: is([]) });
      expect({ state, found }).toEqual({
        state: 'failed',
        found: expect.stringMatching(/^nobody has attested it: [A-Z]/),
      });
      const id = /attest ([a-z-]+) /.exec(todo.join())?.[1];
      const given = {
        formatVersion: 1,
        item: id ?? '',
        environment: 'production',
        by: 'anna',
        holds: true,
        note: 'seen',
        at: '2025-11-20T10:00:00.000Z',
        validUntil: '2025-11-29T11:59:59.000Z',
        workflowId: 'w',
        runId: 'r',
      } as const;
      expect(judge(name, { attestations: is([given]) }).found).toContain('expired 2025-11-29');
      const longer = { ...given, validUntil: '2025-11-29T12:00:01.000Z' };
      expect(judge(name, { attestations: is([longer]) }).state).toBe('ok');
      expect(judge(name, { attestations: is([{ ...longer, holds: false }]) })).toMatchObject({
        state: 'failed',
        found: expect.stringMatching(/^denied by anna/),
      });
      const stricter = policy.attestations.map((spec) => ({ ...spec, validMs: 3_600_000 }));
      expect(judge(name, { attestations: is([longer]) }, { attestations: stricter }).state).toBe('failed');
    },
  );

  it('must be two who may approve, not one under two names', () => {
    const [first] = policy.people;
    if (first === undefined) throw new Error('The policy knows nobody.');
    const people = [first, { ...first, name: 'again' }];
    expect(judge('Two people who may approve', {}, { people }).state).toBe('failed');
    expect(judge('Two people who may approve', {}).state).toBe('ok');
  });
});
