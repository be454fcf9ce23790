import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCoordinationActivities } from '../../../activities/coordination/index.ts';
import { overdueSince } from '../../../activities/coordination/overdue.ts';
import type { ScheduleCounts, ScheduleSpec } from '../../../workflows/contracts/operations.ts';
import { startTestTemporal } from '../adapters/temporal/test-temporal.ts';

/** Half an hour away, so that no run begins by itself while a test lasts. */
const minute = (new Date().getUTCMinutes() + 30) % 60;

const hourly: ScheduleSpec = {
  id: 'schedules-check',
  operation: 'schedules-check',
  cron: [`${minute} * * * *`],
  overlap: 'skip',
  catchupWindowMs: 600_000,
  procedure: 'section 7',
};
const monthly: ScheduleSpec = { ...hourly, id: 'monthly', operation: 'restore-test', cron: ['0 14 1-7 * 1'] };

describe('the check of the schedules in a real Temporal', () => {
  let temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  beforeAll(async () => {
    temporal = await startTestTemporal();
  });
  afterAll(() => temporal?.stop());

  const coordination = (schedules: readonly ScheduleSpec[]) =>
    createCoordinationActivities({ ...temporal, policy: { schedules, pollEveryMs: 100 } });
  const check = async (
    environment: string,
    schedules: readonly ScheduleSpec[] = [hourly, monthly],
    previous: readonly ScheduleCounts[] = [],
  ) => {
    const { checks, counts } = await coordination(schedules).checkSchedules({ environment, previous });
    const failed = Object.fromEntries(
      checks.filter(({ passed }) => !passed).map(({ name, found }) => [name, found]),
    );
    return { checks, counts, failed };
  };
  const handle = (id: string) => temporal.client.schedule.getHandle(id);

  it('passes for schedules that were just applied, and says what it expects', async () => {
    const activities = coordination([hourly, monthly]);
    await activities.applySchedules({ environment: 'fresh' });
    const { checks, failed } = await check('fresh');
    expect(failed).toEqual({});
    expect(checks).toEqual([
      {
        name: 'schedule schedules-check',
        passed: true,
        found: 'as the policy says, last run none yet',
        expected: `a run at each moment of "${minute} * * * *" UTC`,
      },
      expect.objectContaining({ name: 'schedule monthly' }),
      expect.objectContaining({ name: 'no schedule beside the policy’s', found: 'none' }),
    ]);
    const states = await activities.listSchedules({ environment: 'fresh', upcoming: 2 });
    expect(states.map(({ id, nextAt }) => [id, nextAt.length])).toEqual([
      ['schedules-check', 2],
      ['monthly', 2],
    ]);
  });

  it('names schedules that are missing, paused, changed, or beside the policy', async () => {
    expect((await check('none')).failed).toEqual({
      'schedule schedules-check': 'it is not in Temporal',
      'schedule monthly': 'it is not in Temporal',
    });
    await coordination([hourly, monthly]).applySchedules({ environment: 'wrong' });
    await handle('wrong-schedules-check').pause();
    await vi.waitFor(async () => {
      expect((await check('wrong', [hourly])).failed).toEqual({
        'schedule schedules-check': 'it is paused',
        'no schedule beside the policy’s': 'monthly',
      });
    }, 60_000);
    const changed = { ...monthly, catchupWindowMs: 60_000 };
    expect((await check('wrong', [hourly, changed])).failed).toEqual({
      'schedule schedules-check': 'it is paused',
      'schedule monthly': 'it differs from the policy',
    });
    await coordination([hourly, changed]).applySchedules({ environment: 'wrong' });
    expect((await check('wrong', [hourly, changed])).failed).toEqual({});
  });

  it('names a run that overlap dropped once, and again when another is dropped', async () => {
    await coordination([hourly, monthly]).applySchedules({ environment: 'skip' });
    const trigger = () => handle('skip-schedules-check').trigger('SKIP');
    const untilOneIsSkipped = (previous: readonly ScheduleCounts[]) =>
      vi.waitFor(async () => {
        const checked = await check('skip', [hourly, monthly], previous);
        expect(checked.failed).toEqual({
          'schedule schedules-check': '1 skipped since the last check: the run before was still going on',
        });
        return checked;
      }, 60_000);
    // No worker runs the first, so it goes on. Temporal may take two triggers at once for one.
    await trigger();
    await vi.waitFor(async () => {
      expect(await temporal.scheduler.list('skip', [hourly, monthly], 0)).toMatchObject([{ running: 1 }, {}]);
    }, 60_000);
    await trigger();
    const first = await untilOneIsSkipped([]);
    expect(first.counts).toContainEqual({ id: 'schedules-check', missedCatchupWindow: 0, skippedOverlap: 1 });
    expect((await check('skip', [hourly, monthly], first.counts)).failed).toEqual({});
    await trigger();
    await untilOneIsSkipped(first.counts);
  });

  it('takes counts that fell for those of a schedule that was made anew', async () => {
    await coordination([hourly]).applySchedules({ environment: 'anew' });
    const previous = [{ id: 'schedules-check', missedCatchupWindow: 7, skippedOverlap: 7 }];
    expect((await check('anew', [hourly], previous)).failed).toEqual({});
  });

  it('finds the newest moment that had no run, five minutes after it at the earliest', async () => {
    await coordination([hourly, monthly]).applySchedules({ environment: 'late' });
    const overdue = async (id: string, now: Date) => {
      const states = await temporal.scheduler.list('late', [hourly, monthly], 0);
      const state = states.find((each) => each.id === id);
      if (state === undefined) throw new Error(`There is no schedule ${id}.`);
      return overdueSince(temporal.scheduler, 'late', state, now);
    };
    const [next, after] = (await temporal.scheduler.list('late', [hourly], 2))[0]?.nextAt ?? [];
    const past = (moment: string | undefined, minutes: number) =>
      new Date(Date.parse(moment ?? '') + minutes * 60_000);
    expect(await overdue('schedules-check', past(next, 4))).toBeNull();
    expect(await overdue('schedules-check', past(next, 6))).toBe(next);
    expect(await overdue('schedules-check', past(after, 6))).toBe(after);

    const [firstMonday] = (await temporal.scheduler.list('late', [monthly], 1))[0]?.nextAt ?? [];
    expect(await overdue('monthly', past(firstMonday, 6))).toBe(firstMonday);
    expect(await overdue('monthly', past(firstMonday, 20 * 24 * 60))).toBe(firstMonday);
    expect(await overdue('monthly', past(firstMonday, -1))).toBeNull();

    await handle('late-monthly').trigger();
    await vi.waitFor(async () => {
      const [, { lastAt } = { lastAt: null }] = await temporal.scheduler.list('late', [hourly, monthly], 0);
      expect(lastAt).not.toBeNull();
    }, 60_000);
    // The run by hand lies before the moment and does not stand for it.
    expect(await overdue('monthly', past(firstMonday, 6))).toBe(firstMonday);
  });
});
