import { DrError } from '../../errors.ts';

/** The values of each field at which a schedule runs; ascending. Day of week 0 is Sunday. All fields must match. */
export interface CalendarMoments {
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfMonth: readonly number[];
  readonly month: readonly number[];
  readonly dayOfWeek: readonly number[];
}

/**
 * Reads a five-field cron expression of numbers, `*`, lists, ranges and steps, to compare it with what Temporal made
 * of it. As in Temporal, and other than in crontab, day of month and day of week must both match.
 *
 * @throws DrError `input-invalid` for anything else
 */
export function parseCron(expression: string): CalendarMoments {
  const fields = expression.trim().split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  if (fields.length !== 5) throw cronInvalid(expression);
  const read = (field: string, first: number, last: number) => valuesOf(field, first, last, expression);
  return {
    minute: read(minute, 0, 59),
    hour: read(hour, 0, 23),
    dayOfMonth: read(dayOfMonth, 1, 31),
    month: read(month, 1, 12),
    // Both 0 and 7 are Sunday.
    dayOfWeek: ascending(read(dayOfWeek, 0, 7).map((day) => day % 7)),
  };
}

/** Sorted, each value once. */
export function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function valuesOf(field: string, first: number, last: number, expression: string): number[] {
  const values = field.split(',').flatMap((part) => {
    const [, from, to, step] = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    const wellFormed = /^(\*|\d+-\d+)(\/\d+)?$|^\d+$/.test(part);
    const start = Number(from ?? first);
    const end = Number(to ?? from ?? last);
    const every = Number(step ?? 1);
    if (!wellFormed || start < first || end > last || end < start || every < 1) throw cronInvalid(expression);
    return Array.from({ length: Math.floor((end - start) / every) + 1 }, (_, index) => start + index * every);
  });
  return ascending(values);
}

function cronInvalid(expression: string): DrError {
  return new DrError('input-invalid', {
    happened: `The policy’s schedule "${expression}" is not a cron expression of five fields of numbers.`,
    meaning: 'The schedules were not changed.',
    next: 'Write it as minute, hour, day of month, month, day of week in UTC, such as "30 2 * * *".',
  });
}
