import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { scheduleId } from '../../../../activities/adapters/temporal/definition.ts';
import { answerSignals } from '../../../../workflows/contracts/messages.ts';
import { recoveryWorkflowId } from '../../../../workflows/contracts/names.ts';
import type { ScheduleSpec } from '../../../../workflows/contracts/operations.ts';
import { policy, startMonth } from './world.ts';

const environment = 'staging';
/** From one first Monday to behind the next. */
const month = { from: '2025-12-01T00:00:00Z', to: '2026-01-05T23:59:00Z' } as const;
/** Of what runs every hour or half hour, the day of the drill that is left waiting; of the monitor's, its afternoon. */
const day = { from: '2025-12-01T00:00:00Z', to: '2025-12-01T23:59:00Z' } as const;
const afternoon = { from: '2025-12-01T12:00:00Z', to: '2025-12-01T18:00:00Z' } as const;
const often = ['backup-recent', 'uploads-sync', 'configuration-backup', 'schedules-check'];
const fiveMinutesMs = 300_000;
const patience = { timeout: 60_000, interval: 25 };

const operationRecord = z.object({ outcome: z.string(), details: z.array(z.string()) });

let world: Awaited<ReturnType<typeof startMonth>>;
beforeAll(async () => {
  world = await startMonth(environment);
});
afterAll(() => world?.stop());

const schedule = (spec: Pick<ScheduleSpec, 'id'>) =>
  world.client.schedule.getHandle(scheduleId(environment, spec.id));

const momentsOf = ({ id }: ScheduleSpec) => {
  const { from, to } = id === 'monitor' ? afternoon : often.includes(id) ? day : month;
  return world.scheduler.matchingTimes(environment, id, from, to);
};

const runOf = ({ operation }: ScheduleSpec, moment: string) =>
  world.client.workflow.getHandle(`${operation}-${environment}-${moment.replace('.000Z', 'Z')}`);

/** Lets one moment of a schedule come: Temporal does then what overlap and all else of the schedule say. */
async function letCome(spec: ScheduleSpec, moment: string): Promise<void> {
  const at = new Date(moment);
  await schedule(spec).backfill({ start: new Date(at.getTime() - 1), end: at });
}

/** Lets every moment of a schedule come, each when the run before is over, as it is in a month that takes a month. */
async function live(spec: ScheduleSpec): Promise<number> {
  const moments = await momentsOf(spec);
  for (const moment of moments) {
    await letCome(spec, moment);
    await vi.waitFor(async () => {
      expect((await runOf(spec, moment).describe()).status.name).toBe('COMPLETED');
      const { info } = await schedule(spec).describe();
      expect(info.runningActions).toEqual([]);
    }, patience);
  }
  return moments.length;
}

async function approve(): Promise<void> {
  const recovery = world.client.workflow.getHandle(recoveryWorkflowId(environment));
  await vi.waitFor(async () => {
    expect((await recovery.describe()).status.name).toBe('RUNNING');
  }, patience);
  await recovery.signal(answerSignals.approve, { by: 'admin' });
}

describe('a month of schedules, compressed', () => {
  it('runs every drill, test and check once, while a drill is left waiting at its gate', async () => {
    // Every moment of the policy is one of whole five minutes: none comes before all schedules are paused.
    await vi.waitFor(() => expect(Date.now() % fiveMinutesMs).toBeLessThan(fiveMinutesMs - 20_000), patience);
    await world.scheduler.apply(environment, policy.schedules);
    // What is backfilled runs all the same, and nothing of the present comes beside it.
    for (const spec of policy.schedules) await schedule(spec).pause('this month is of the past');
    const drill = policy.schedules.find(({ operation }) => operation === 'drill');
    const others = policy.schedules.filter(({ operation }) => operation !== 'drill');
    if (drill === undefined) throw new Error('The policy schedules no drill.');
    const [first = '', second = '', ...more] = await momentsOf(drill);
    expect([first, second, more]).toEqual(['2025-12-01T14:00:00.000Z', '2026-01-05T14:00:00.000Z', []]);

    await letCome(drill, first);
    const recovery = world.client.workflow.getHandle(recoveryWorkflowId(environment));
    await vi.waitFor(async () => expect((await recovery.describe()).status.name).toBe('RUNNING'), patience);

    const ran = await Promise.all(others.map(async (spec) => [spec.id, await live(spec)] as const));
    expect(Object.fromEntries(ran)).toMatchObject({
      'backup-daily': 36,
      'backup-validation': 36,
      retention: 36,
      'provider-check': 36,
      'overdue-check': 36,
      'restore-test': 5,
      'full-test': 2,
      'monthly-review': 2,
      'security-audit': 1,
      'backup-recent': 48,
      'schedules-check': 24,
      monitor: 73,
    });

    // The month is over; the drill still waits, and the next one comes.
    expect((await runOf(drill, first).describe()).status.name).toBe('RUNNING');
    await letCome(drill, second);
    await vi.waitFor(async () => {
      const { raw } = await runOf(drill, second).describe();
      const doing = raw.pendingActivities?.map(({ activityType }) => activityType?.name);
      expect(doing).toEqual(['awaitDrillTurn']);
    }, patience);
    expect(world.broken).toHaveLength(1);

    await approve();
    expect(operationRecord.parse(await runOf(drill, first).result()).outcome).toBe('succeeded');
    await approve();
    const record = operationRecord.parse(await runOf(drill, second).result());
    expect(record.outcome).toBe('succeeded');
    expect(record.details.join('\n')).toContain(`waited for drill-${environment}-2025-12-01T14:00:00Z`);
    expect(world.broken).toEqual(
      [first, second].map((moment) => `drill-${environment}-${moment.replace('.000Z', 'Z')}`),
    );

    const states = await world.scheduler.list(environment, policy.schedules, 0);
    expect(
      states.map(({ id, skippedOverlap, missedCatchupWindow }) => [id, skippedOverlap, missedCatchupWindow]),
    ).toEqual(policy.schedules.map(({ id }) => [id, 0, 0]));
    for (const spec of policy.schedules) {
      const { info } = await schedule(spec).describe();
      expect([spec.id, info.numActionsTaken]).toEqual([spec.id, (await momentsOf(spec)).length]);
    }
  });

  it('would lose the second drill with Temporal’s usual overlap', async () => {
    const drill = policy.schedules.find(({ operation }) => operation === 'drill');
    if (drill === undefined) throw new Error('The policy schedules no drill.');
    await world.scheduler.apply(environment, [{ ...drill, overlap: 'skip' }]);
    const [first = '', second = ''] = ['2026-02-02T14:00:00.000Z', '2026-03-02T14:00:00.000Z'];
    await letCome(drill, first);
    await vi.waitFor(async () => {
      expect((await runOf(drill, first).describe()).status.name).toBe('RUNNING');
      expect((await schedule(drill).describe()).info.runningActions).toHaveLength(1);
    }, patience);
    await letCome(drill, second);
    await vi.waitFor(async () => {
      expect((await schedule(drill).describe()).info.numActionsSkippedOverlap).toBe(1);
    }, patience);
    await approve();
    await runOf(drill, first).result();
    await expect(runOf(drill, second).describe()).rejects.toThrow('not found');
  });
});
