import { describe, expect, it } from 'vitest';
import type { OperationName, ScheduleState } from '../../../workflows/contracts/operations.ts';
import { punctuality } from '../../../workflows/operations/overdue.ts';

const dayMs = 24 * 3_600_000;
const wanted = { overdueAfterMs: { 'restore-test': 8 * dayMs } };
const nowMs = Date.parse('2025-12-01T12:00:00Z');
const daysAgo = (days: number) => new Date(nowMs - days * dayMs).toISOString();

function restoreTest(last: string | null, scheduledSince: string | null) {
  const lastGood = new Map<OperationName, string>(last === null ? [] : [['restore-test', last]]);
  const schedules: readonly ScheduleState[] =
    scheduledSince === null
      ? []
      : [
          {
            id: 'restore-test',
            operation: 'restore-test',
            paused: false,
            nextAt: [],
            lastAt: null,
            changedAt: scheduledSince,
            missedCatchupWindow: 0,
            skippedOverlap: 0,
            running: 0,
            asPolicy: true,
          },
        ];
  const [only, ...others] = punctuality(wanted, lastGood, schedules, nowMs);
  expect(others).toEqual([]);
  return only;
}

describe('what the procedure wants every so often', () => {
  it('is overdue when its newest good run is older than the policy says', () => {
    expect(restoreTest(daysAgo(8), null)?.overdue).toBe(false);
    expect(restoreTest(daysAgo(8.01), null)).toMatchObject({
      overdue: true,
      found: expect.stringContaining('last good one 2025-11-23 11:45'),
      expected: 'a good one at least every 8 days',
    });
  });

  it('is not overdue before it could have run for the first time', () => {
    expect(restoreTest(null, daysAgo(7))).toMatchObject({
      overdue: false,
      dueAt: '2025-12-02T12:00:00.000Z',
      lastGoodAt: null,
    });
    expect(restoreTest(null, daysAgo(9))?.overdue).toBe(true);
  });

  it('is overdue at once where it was never done and nothing schedules it', () => {
    expect(restoreTest(null, null)).toMatchObject({
      overdue: true,
      found: 'never done, and nothing schedules it',
    });
  });

  it('counts from its newest good run, however late its schedule was changed', () => {
    expect(restoreTest(daysAgo(9), daysAgo(1))?.overdue).toBe(true);
  });
});
