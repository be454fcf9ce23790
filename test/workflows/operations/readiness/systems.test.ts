import { describe, expect, it } from 'vitest';
import type { DatabaseFacts } from '../../../../workflows/contracts/readiness-facts.ts';
import { is, judge } from './judge.ts';

const database: DatabaseFacts = {
  version: '17.4',
  majorVersion: 17,
  tookMs: 12,
  trackCommitTimestamp: true,
  clockAheadMs: 3,
  clockErrorMs: 2,
  seenFrom: '203.0.113.7',
  seenFromPrivate: false,
  amongOperators: true,
};

describe('the systems that a recovery must reach', () => {
  const fence = 'The fence lets the worker in';

  it('are judged by the address that the database sees, where it can be seen', () => {
    expect(judge(fence, { database: is(database) }).state).toBe('ok');
    const outside = { ...database, amongOperators: false };
    expect(judge(fence, { database: is(outside) })).toMatchObject({
      state: 'failed',
      found: expect.stringContaining('203.0.113.7'),
    });
    for (const unclear of [
      { ...outside, seenFrom: '10.1.2.3', seenFromPrivate: true },
      { ...outside, seenFrom: null, amongOperators: null },
    ]) {
      expect(judge(fence, { database: is(unclear) })).toMatchObject({
        state: 'attention',
        found: expect.stringMatching(/^unknown: /),
      });
    }
  });

  it.each([
    [1_900, 'ok'],
    [-2_900, 'attention'],
    [29_000, 'attention'],
    [-40_000, 'failed'],
  ])('may have a clock that is %d ms off: %s', (aheadMs, state) => {
    const clock = judge('Clock of the provider', { providerClock: is({ aheadMs, errorMs: 500 }) });
    expect(clock.state).toBe(state);
    expect(clock.found).toContain(aheadMs < 0 ? 'behind' : 'ahead of');
  });

  it('need programs that are not older than the database', () => {
    const item = 'PostgreSQL programs fit the database';
    expect(judge(item, { database: is(database), dumpVersion: is(17) }).state).toBe('ok');
    expect(judge(item, { database: is(database), dumpVersion: is(15) }).state).toBe('failed');
    expect(judge(item, { dumpVersion: is(17) }).state).toBe('unknown');
  });

  it('are said to count loss less exactly without commit times', () => {
    const off = { ...database, trackCommitTimestamp: false };
    expect(judge('Commit times are recorded', { database: is(off) }).state).toBe('attention');
  });

  it('name the search attributes that are missing, with the command that registers them', () => {
    const orchestrator = is({ missingSearchAttributes: ['DrStep'], workers: 2 });
    expect(judge('Search attributes registered', { orchestrator })).toMatchObject({
      state: 'failed',
      todo: ['temporal operator search-attribute create --name DrStep --type Keyword'],
    });
    expect(judge('Workers', { orchestrator }).state).toBe('ok');
  });
});
