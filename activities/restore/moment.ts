import { z } from 'zod';
import type { TargetRequest } from '../../workflows/contracts/recovery-point.ts';
import { DrError } from '../errors.ts';

const momentWithOffset = z.union([
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: -1 }),
]);

/** A moment that a person named, without loss of its fraction. */
interface Moment {
  /** The integer UTC second that it lies in. */
  readonly second: number;
  /** Whether it lies after the beginning of that second. */
  readonly withinSecond: boolean;
}

function parseMoment(text: string): Moment {
  if (!momentWithOffset.safeParse(text).success) {
    throw new DrError('input-invalid', {
      happened: `The moment "${text}" is not a date and time with an offset.`,
      meaning: 'Without an offset it could mean another hour, and the wrong rows would be discarded.',
      next: 'Write it like 2026-03-01T14:05:00Z or 2026-03-01T19:05:00+05:00.',
    });
  }
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
  const second = Date.parse(text.replace(/\.\d+/, '')) / 1000;
  return { second, withinSecond: /[1-9]/.test(fraction) };
}

/**
 * The integer UTC second that a request means. `at` keeps the second that the moment lies in; `just-before` is the
 * largest second that lies strictly before the moment, to any number of digits.
 *
 * @param now a moment later than this is refused
 * @throws DrError `input-invalid` for a malformed moment, one without an offset, or one in the future
 */
export function targetSecond(request: TargetRequest, now: Date): number {
  const { second, withinSecond } = parseMoment(request.moment);
  if (second * 1000 > now.getTime()) {
    throw new DrError('input-invalid', {
      happened: `The moment "${request.moment}" lies in the future; now it is ${now.toISOString()}.`,
      meaning: 'There is nothing to go back to.',
      next: 'Check the date and the offset, and name a moment in the past.',
    });
  }
  return request.kind === 'just-before' && !withinSecond ? second - 1 : second;
}
