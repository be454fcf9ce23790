import { describe, expect, it } from 'vitest';
import { judgeStatements } from '../../../activities/monitoring/judge-statements.ts';
import type { RememberedStatement } from '../../../workflows/contracts/monitoring.ts';
import { sandboxPolicy } from '../../sandbox/policy.ts';

const limits = {
  ...sandboxPolicy.monitor,
  slowQueries: { runningMs: 10_000, meanMs: 100, calls: 5 },
  everyMs: { ...sandboxPolicy.monitor.everyMs, database: 60_000 },
};
const most = 2;
const startMs = Date.parse('2026-03-02T10:00:00.000Z');
const moment = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();

const counters = (calls: number, totalMs: number, id = '7', role = 'app') => ({ id, role, calls, totalMs });

function judge(now: Parameters<typeof judgeStatements>[0], before: Before, seconds = 0) {
  return judgeStatements(now, before, moment(seconds), limits, most);
}
type Before = readonly RememberedStatement[] | null;

const known = (calls: number, totalMs: number, slowAt: string | null = null): RememberedStatement[] => [
  { ...counters(calls, totalMs), slowAt },
];

describe('a statement', () => {
  it('is slow by the mean of its calls since it was judged last, not of all that were ever made', () => {
    const { slow, remembered } = judge([counters(1_005, 12_000)], known(1_000, 10_000));
    expect(slow).toEqual(['statement 7 of role app took 400 ms, 5 times']);
    expect(remembered).toEqual(known(1_005, 12_000, moment(0)));
    expect(judge([counters(1_005, 10_400)], known(1_000, 10_000)).slow).toEqual([]);
  });

  it('is not judged at the first look, and from its first call on when it is new', () => {
    expect(judge([counters(50, 50_000)], null)).toEqual({
      slow: [],
      isOpen: false,
      remembered: known(50, 50_000),
    });
    expect(judge([counters(5, 5_000)], []).slow).toHaveLength(1);
  });

  it('is judged from now on where it may have been left out of those that are remembered', () => {
    const full = [...known(1, 900), { ...counters(1, 800, '8'), slowAt: null }];
    const found = judge([counters(50, 50_000, '9')], full);
    expect(found).toMatchObject({ slow: [], remembered: [{ id: '9', calls: 50, slowAt: null }] });
  });

  it('of two roles is judged for each by itself', () => {
    const before = [...known(100, 100), { ...counters(1, 200, '7', 'reports'), slowAt: null }];
    const now = [counters(105, 5_100), counters(6, 300, '7', 'reports')];
    expect(judge(now, before).slow).toEqual(['statement 7 of role app took 1000 ms, 5 times']);
  });

  it('that was called too rarely since is judged when there are enough calls, and waited for until then', () => {
    const first = judge([counters(5, 5_000)], [], 0);
    const soon = judge([counters(6, 6_000)], first.remembered, 1);
    expect(soon).toMatchObject({ slow: [], isOpen: true });
    const enough = judge([counters(10, 10_000)], soon.remembered, 60);
    expect(enough).toMatchObject({ isOpen: false, slow: ['statement 7 of role app took 1000 ms, 5 times'] });
  });

  it('that is hardly called any more is not waited for longer than two intervals', () => {
    const first = judge([counters(5, 5_000)], [], 0);
    expect(judge([counters(6, 6_000)], first.remembered, 120).isOpen).toBe(true);
    const late = judge([counters(6, 6_000)], first.remembered, 121);
    expect(late).toMatchObject({ slow: [], isOpen: false, remembered: known(5, 5_000) });
  });

  it('is quick again when enough of its calls were', () => {
    const found = judge([counters(10, 5_050)], known(5, 5_000, moment(0)), 1);
    expect(found).toEqual({ slow: [], isOpen: false, remembered: known(10, 5_050) });
  });

  it('is counted from nothing when the server began to count anew', () => {
    expect(judge([counters(5, 5_000)], known(1_000, 10_000)).slow).toHaveLength(1);
  });
});
