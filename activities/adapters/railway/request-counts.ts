import type { z } from 'zod';
import type { RequestCount } from '../../ports.ts';
import type { operations } from './operations.ts';

/** So many steps a period: what a step has that began before it is left out, and should be little. */
const steps = 12;
const longestStepSeconds = 60;

/**
 * A period in Railway's whole seconds, and how long the steps are in which it is counted.
 *
 * @param from RFC 3339, UTC; the second that it is in is not counted, unless it begins it
 */
export function secondsOf(from: string, to: string) {
  const start = Math.ceil(Date.parse(from) / 1000);
  const end = Math.max(Math.ceil(Date.parse(to) / 1000), start);
  const stepSeconds = Math.min(Math.max(Math.floor((end - start) / steps), 1), longestStepSeconds);
  const written = (seconds: number) => new Date(seconds * 1000).toISOString();
  return { startDate: written(start), endDate: written(end), stepSeconds };
}

/** The samples of each status code added up, without those of steps that began before `startDate` (RFC 3339, UTC). */
export function requestCounts(
  answer: z.infer<typeof operations.requestsByStatus.answer>,
  startDate: string,
): readonly RequestCount[] {
  const start = Date.parse(startDate) / 1000;
  return answer.flatMap(({ statusCode, samples }) => {
    const within = samples.filter(({ ts }) => ts >= start);
    // A sample may be a rate times its step, and so no whole number.
    const requests = Math.round(within.reduce((sum, { value }) => sum + value, 0));
    return requests === 0 ? [] : [{ status: statusCode, requests }];
  });
}
