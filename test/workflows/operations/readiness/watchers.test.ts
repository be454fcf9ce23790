import { describe, expect, it } from 'vitest';
import { is, judge } from './judge.ts';

describe('what would notice that something does not run', () => {
  const item = 'What does not run is noticed';
  const state = (operation: 'schedules-check' | 'overdue-check', changedAt: string) => ({
    id: operation,
    operation,
    paused: false,
    nextAt: [],
    lastAt: null,
    changedAt,
    missedCatchupWindow: 0,
    skippedOverlap: 0,
    running: 0,
    asPolicy: true,
  });
  const scheduled = (changedAt: string) => ({
    schedules: is([state('schedules-check', changedAt), state('overdue-check', changedAt)]),
    schedulesChecks: is([]),
    overdueChecks: is([]),
  });

  it('is in time on its first day, and watched from then on', () => {
    expect(judge(item, scheduled('2025-11-29T11:30:00Z')).state).toBe('ok');
    expect(judge(item, scheduled('2025-11-29T09:00:00Z')).state).toBe('failed');
    expect(judge(item, { ...scheduled('2025-11-29T11:30:00Z'), schedules: is([]) }).state).toBe('failed');
  });
});
