import { isDeepStrictEqual } from 'node:util';
import { DAYS_OF_WEEK, MONTHS, type ScheduleDescription } from '@temporalio/client';
import { searchAttributes } from '../../../workflows/contracts/names.ts';
import type { ScheduleSpec } from '../../../workflows/contracts/operations.ts';
import { ascending, type CalendarMoments, parseCron } from './cron.ts';
import { defineSchedule } from './definition.ts';

type Calendar = NonNullable<ScheduleDescription['spec']['calendars']>[number];
type Ranges<Unit> = readonly { readonly start: Unit; readonly end: Unit; readonly step: number }[];

/**
 * Whether Temporal's schedule is what the spec says, in everything that decides when and what it runs. What Temporal
 * has is compared, not a stored hash of the spec: a hash would not tell a change made by hand in the Web UI.
 *
 * @throws DrError `input-invalid` when the spec's cron cannot be read
 */
export function isAsPolicy(found: ScheduleDescription, environment: string, spec: ScheduleSpec): boolean {
  const { action, policies } = defineSchedule(environment, spec);
  const { calendars = [], intervals = [], skip = [], jitter = 0, timezone, startAt, endAt } = found.spec;
  const attributes = found.action.typedSearchAttributes ?? [];
  return (
    isDeepStrictEqual(sorted(calendars.map(momentsOf)), sorted(spec.cron.map(parseCron))) &&
    calendars.every(({ second, year }) => isDeepStrictEqual(second, onTheMinute) && year.length === 0) &&
    intervals.length === 0 &&
    skip.length === 0 &&
    jitter === 0 &&
    ['', 'UTC', undefined].includes(timezone) &&
    startAt === undefined &&
    endAt === undefined &&
    isDeepStrictEqual({ ...found.policies }, policies) &&
    !found.state.paused &&
    found.state.remainingActions === undefined &&
    found.action.workflowType === action.workflowType &&
    found.action.workflowId === action.workflowId &&
    found.action.taskQueue === action.taskQueue &&
    found.action.staticSummary === action.staticSummary &&
    isDeepStrictEqual(found.action.args, action.args) &&
    'get' in attributes &&
    attributes.get(searchAttributes.environment) === environment &&
    attributes.get(searchAttributes.scenario) === spec.operation
  );
}

const onTheMinute = [{ start: 0, end: 0, step: 1 }];

function momentsOf(calendar: Calendar): CalendarMoments {
  return {
    minute: valuesOf(calendar.minute, (minute) => minute),
    hour: valuesOf(calendar.hour, (hour) => hour),
    dayOfMonth: valuesOf(calendar.dayOfMonth, (day) => day),
    month: valuesOf(calendar.month, (month) => MONTHS.indexOf(month) + 1),
    dayOfWeek: valuesOf(calendar.dayOfWeek, (day) => DAYS_OF_WEEK.indexOf(day)),
  };
}

function valuesOf<Unit>(ranges: Ranges<Unit>, numberOf: (unit: Unit) => number): number[] {
  return ascending(
    ranges.flatMap(({ start, end, step }) => {
      const first = numberOf(start);
      const every = Math.max(1, step);
      const count = Math.floor((numberOf(end) - first) / every) + 1;
      return Array.from({ length: count }, (_, index) => first + index * every);
    }),
  );
}

function sorted(moments: readonly CalendarMoments[]): string[] {
  return moments.map((each) => JSON.stringify(each)).sort();
}
