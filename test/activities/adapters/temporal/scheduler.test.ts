import type { ScheduleUpdateOptions } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { schedules } from '../../../../worker/schedules.ts';
import type { ScheduleSpec } from '../../../../workflows/contracts/operations.ts';
import { failureOf } from '../../failure-of.ts';
import { everyMoment, namedMoments } from './moments.ts';
import { startTestTemporal } from './test-temporal.ts';

const daily: ScheduleSpec = {
  id: 'backup-daily',
  operation: 'backup',
  tier: 'daily',
  cron: ['0 3 * * *'],
  overlap: 'buffer-one',
  catchupWindowMs: 3_600_000,
  procedure: 'section 2',
};
const validation: ScheduleSpec = {
  id: 'backup-validation',
  operation: 'backup-validation',
  cron: ['0 4 * * *', '30 16 * * 1-5'],
  overlap: 'skip',
  catchupWindowMs: 60_000,
  procedure: 'section 5',
};
const fullTest: ScheduleSpec = {
  ...validation,
  id: 'full-test',
  operation: 'full-test',
  cron: ['0 14 1-7 * 1'],
};

/** How often a year those run that are not at least monthly. */
const fewerThanMonthly: Readonly<Record<string, number>> = { 'security-audit': 4, 'plan-review': 1 };

describe('schedules in a real Temporal', () => {
  let temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  beforeAll(async () => {
    temporal = await startTestTemporal();
  });
  afterAll(() => temporal?.stop());

  const describeSchedule = (id: string) => temporal.client.schedule.getHandle(id).describe();
  const applied = async (environment: string, specs: readonly ScheduleSpec[]) =>
    Object.fromEntries(
      (await temporal.scheduler.apply(environment, specs)).map(({ id, change }) => [id, change]),
    );
  const untilListed = (id: string) =>
    vi.waitFor(
      async () => {
        const ids = [];
        for await (const { scheduleId } of temporal.client.schedule.list()) ids.push(scheduleId);
        expect(ids).toContain(id);
      },
      { timeout: 60_000, interval: 50 },
    );

  it('are created as the spec says, and left alone when they are applied again', async () => {
    expect(await applied('twice', [daily, validation])).toEqual({
      'backup-daily': 'created',
      'backup-validation': 'created',
    });
    const { action, policies, state } = await describeSchedule('twice-backup-daily');
    expect(action).toMatchObject({
      workflowType: 'backup',
      workflowId: 'backup-twice',
      taskQueue: 'vendhub-dr',
      args: [{ environment: 'twice', startedBy: 'schedule', tier: 'daily' }],
      searchAttributes: { DrEnvironment: ['twice'], DrScenario: ['backup'] },
      staticSummary: 'backup-daily: section 2',
    });
    expect(policies).toEqual({ overlap: 'BUFFER_ONE', catchupWindow: 3_600_000, pauseOnFailure: false });
    expect(state.paused).toBe(false);
    expect(await applied('twice', [daily, validation])).toEqual({
      'backup-daily': 'unchanged',
      'backup-validation': 'unchanged',
    });
    expect((await describeSchedule('twice-backup-daily')).info.lastUpdatedAt).toBeUndefined();
    const states = await temporal.scheduler.list('twice', [daily, validation], 0);
    expect(states.map(({ id, asPolicy }) => [id, asPolicy])).toEqual([
      ['backup-daily', true],
      ['backup-validation', true],
    ]);
  });

  it.each<[string, Partial<ScheduleSpec>]>([
    ['cron', { cron: ['1 3 * * *'] }],
    ['further moments', { cron: ['0 3 * * *', '0 15 * * *'] }],
    ['overlap', { overlap: 'allow-all' }],
    ['catch-up window', { catchupWindowMs: 7_200_000 }],
    ['arguments', { tier: 'recent' }],
    ['operation', { operation: 'restore-test' }],
    ['procedure', { procedure: 'section 9' }],
  ])('are updated when their %s changed in the policy', async (_, change) => {
    const changed = { ...daily, ...change };
    await temporal.scheduler.apply('changed', [daily]);
    const [before] = await temporal.scheduler.list('changed', [changed], 0);
    expect(before?.asPolicy).toBe(false);
    expect(await applied('changed', [changed])).toEqual({ 'backup-daily': 'updated' });
    expect(await applied('changed', [changed])).toEqual({ 'backup-daily': 'unchanged' });
    const [after] = await temporal.scheduler.list('changed', [changed], 0);
    expect(after?.asPolicy).toBe(true);
  });

  const changeByHand = async (byHand: Partial<ScheduleUpdateOptions>) => {
    await temporal.scheduler.apply('by-hand', [daily]);
    await temporal.client.schedule
      .getHandle('by-hand-backup-daily')
      .update(({ raw: _raw, memo: _memo, info: _info, scheduleId: _id, ...found }) => ({
        ...found,
        spec: { cronExpressions: ['0 3 * * *'] },
        ...byHand,
      }));
    return temporal.scheduler.list('by-hand', [daily], 0);
  };

  it.each<[string, Partial<ScheduleUpdateOptions>]>([
    ['paused', { state: { paused: true } }],
    ['limited in its runs', { state: { remainingActions: 3 } }],
    ['given other moments', { spec: { cronExpressions: ['0 3 * * 1-5'] } }],
    ['given a time zone', { spec: { cronExpressions: ['0 3 * * *'], timezone: 'Europe/Berlin' } }],
    ['given exceptions', { spec: { cronExpressions: ['0 3 * * *'], skip: [{ dayOfMonth: 1, hour: 3 }] } }],
    ['given an end', { spec: { cronExpressions: ['0 3 * * *'], endAt: new Date('2099-01-01') } }],
    ['given jitter', { spec: { cronExpressions: ['0 3 * * *'], jitter: 60_000 } }],
    ['given seconds', { spec: { cronExpressions: ['30 0 3 * * * *'] } }],
    ['given an interval', { spec: { cronExpressions: ['0 3 * * *'], intervals: [{ every: '7h' }] } }],
    [
      'made to pause on failure',
      { policies: { overlap: 'BUFFER_ONE', catchupWindow: '1h', pauseOnFailure: true } },
    ],
  ])('are put right when one was %s by hand', async (_, byHand) => {
    expect((await changeByHand(byHand)).map(({ asPolicy }) => asPolicy)).toEqual([false]);
    expect(await applied('by-hand', [daily])).toEqual({ 'backup-daily': 'updated' });
    expect(await applied('by-hand', [daily])).toEqual({ 'backup-daily': 'unchanged' });
  });

  it('are as the policy says when one was written by hand in other words', async () => {
    const inOtherWords = { spec: { calendars: [{ hour: [{ start: 3, end: 3 }], minute: 0 }] } };
    expect((await changeByHand(inOtherWords)).map(({ asPolicy }) => asPolicy)).toEqual([true]);
    expect(await applied('by-hand', [daily])).toEqual({ 'backup-daily': 'unchanged' });
  });

  it('of ours that no spec names are listed, then removed; those of others stay', async () => {
    await temporal.scheduler.apply('removal', [daily, validation]);
    await temporal.scheduler.apply('removal-2', [daily]);
    const foreign = { type: 'startWorkflow', workflowType: 'report', taskQueue: 'other' } as const;
    await temporal.client.schedule.create({ scheduleId: 'removal-report', spec: {}, action: foreign });
    for (const id of ['removal-backup-validation', 'removal-report', 'removal-2-backup-daily']) {
      await untilListed(id);
    }
    const listed = await temporal.scheduler.list('removal', [daily], 0);
    expect(listed.map(({ id, asPolicy }) => [id, asPolicy])).toEqual([
      ['backup-daily', true],
      ['backup-validation', false],
    ]);
    expect(await applied('removal', [daily])).toEqual({
      'backup-daily': 'unchanged',
      'backup-validation': 'removed',
    });
    expect(await applied('removal', [daily])).toEqual({ 'backup-daily': 'unchanged' });
    await expect(describeSchedule('removal-backup-validation')).rejects.toThrow();
    expect((await describeSchedule('removal-report')).action.taskQueue).toBe('other');
    expect((await describeSchedule('removal-2-backup-daily')).action.workflowId).toBe('backup-removal-2');
  });

  it('change nothing at all when an id belongs to somebody else', async () => {
    const foreign = { type: 'startWorkflow', workflowType: 'report', taskQueue: 'other' } as const;
    await temporal.client.schedule.create({
      scheduleId: 'taken-backup-validation',
      spec: {},
      action: foreign,
    });
    const failure = await failureOf(temporal.scheduler.apply('taken', [daily, validation]));
    expect(failure.type).toBe('configuration-invalid');
    await expect(describeSchedule('taken-backup-daily')).rejects.toThrow();
    expect((await describeSchedule('taken-backup-validation')).action.workflowType).toBe('report');
    expect(await temporal.scheduler.list('taken', [daily, validation], 0)).toEqual([]);
  });

  it('of a cron that cannot be read are refused before anything is changed', async () => {
    const broken = { ...validation, cron: ['0 4 * * MON'] };
    const failure = await failureOf(temporal.scheduler.apply('unreadable', [daily, broken]));
    expect(failure.type).toBe('input-invalid');
    await expect(describeSchedule('unreadable-backup-daily')).rejects.toThrow();
  });

  it('of the policy run in the next 12 months at exactly the moments that the procedure names', async () => {
    const environment = 'year';
    await temporal.scheduler.apply(environment, schedules);
    const from = new Date();
    const to = new Date(from);
    to.setUTCFullYear(to.getUTCFullYear() + 1);
    // The first Monday of a month is a few days later in some years.
    to.setUTCDate(to.getUTCDate() + 7);
    expect(Object.keys(namedMoments).sort()).toEqual(schedules.map(({ id }) => id).sort());
    for (const { id } of schedules) {
      const expected = everyMoment(from, to, namedMoments[id] ?? (() => false));
      const found = await temporal.scheduler.matchingTimes(
        environment,
        id,
        from.toISOString(),
        to.toISOString(),
      );
      expect(found, id).toEqual(expected);
      expect(found.length, id).toBeGreaterThanOrEqual(fewerThanMonthly[id] ?? 12);
    }
  });

  it('tell moments with both ends of the range', async () => {
    await temporal.scheduler.apply('ends', [daily]);
    const days = ['2031-02-28T03:00:00.000Z', '2031-03-01T03:00:00.000Z'] as const;
    expect(await temporal.scheduler.matchingTimes('ends', daily.id, days[0], days[1])).toEqual(days);
    expect(await temporal.scheduler.matchingTimes('ends', daily.id, days[1], days[1])).toEqual([days[1]]);
  });

  it('show as many of their next moments as are asked for', async () => {
    await temporal.scheduler.apply('next', [daily, fullTest]);
    for (const upcoming of [0, 3, 10, 12]) {
      // One of the moments may pass between the answer and the look at the clock.
      await vi.waitFor(async () => {
        const states = await temporal.scheduler.list('next', [daily, fullTest], upcoming);
        const now = new Date();
        const horizon = new Date(now.getTime() + 400 * 86_400_000);
        expect(states.map(({ nextAt }) => nextAt)).toEqual(
          ['backup-daily', 'full-test'].map((id) =>
            everyMoment(now, horizon, namedMoments[id] ?? (() => false)).slice(0, upcoming),
          ),
        );
      }, 60_000);
    }
  });

  it('count the runs that overlap dropped, and show what runs', async () => {
    const spec = { ...daily, cron: ['0 3 29 2 *'], overlap: 'skip' } as const;
    await temporal.scheduler.apply('overlap', [spec]);
    const handle = temporal.client.schedule.getHandle('overlap-backup-daily');
    const state = async () => (await temporal.scheduler.list('overlap', [spec], 0))[0];
    expect(await state()).toMatchObject({ running: 0, skippedOverlap: 0, lastAt: null });
    const triggeredUnix = Math.floor(Date.now() / 1000);
    // No worker runs it, so it goes on.
    await handle.trigger('SKIP');
    await vi.waitFor(
      async () => expect(await state()).toMatchObject({ running: 1, skippedOverlap: 0 }),
      60_000,
    );
    expect(Date.parse((await state())?.lastAt ?? '')).toBeGreaterThanOrEqual(triggeredUnix * 1000);
    await handle.trigger('SKIP');
    await vi.waitFor(
      async () => expect(await state()).toMatchObject({ running: 1, skippedOverlap: 1 }),
      60_000,
    );
    await temporal.scheduler.apply('overlap', [daily]);
    expect(await state()).toMatchObject({ skippedOverlap: 1, asPolicy: false });
  });

  it.each(['a b', 'x" OR "', '', '../x'])('refuse the environment %j', async (environment) => {
    expect((await failureOf(temporal.scheduler.apply(environment, []))).type).toBe('input-invalid');
    expect((await failureOf(temporal.scheduler.list(environment, [], 0))).type).toBe('input-invalid');
  });
});
