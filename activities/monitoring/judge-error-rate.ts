import type { LogLine, RequestCount } from '../ports.ts';
import type { LookContext } from './look.ts';
import type { Reading } from './reading.ts';

const errorSeverities = /^(error|fatal|critical|alert|emergency|panic)$/i;

/** Since when requests are counted, RFC 3339, UTC: those before the deployment that runs say nothing of it. */
export function requestsSince(
  { monitor, at }: Pick<LookContext, 'monitor' | 'at'>,
  runsSince: string,
): string {
  const window = new Date(Date.parse(at) - monitor.errorRate.requestsWindowMs).toISOString();
  return runsSince > window ? runsSince : window;
}

/**
 * Errors that users were answered with, errors in the log of the deployment that runs, and health probes that failed,
 * each over its window: too many of one of them are bad.
 *
 * @param lines null where they could not be read
 * @param requests since {@link requestsSince}; null where they could not be read
 */
export function judgeErrorRate(
  { monitor: { errorRate: limits }, memory, at }: Pick<LookContext, 'monitor' | 'memory' | 'at'>,
  {
    lines,
    requests,
  }: { readonly lines: readonly LogLine[] | null; readonly requests: readonly RequestCount[] | null },
): Reading {
  const { windowMs, requestsWindowMs, share, atLeast } = limits;
  const from = new Date(Date.parse(at) - windowMs).toISOString();
  const inWindow = lines?.filter((line) => line.at >= from) ?? [];
  const errors = inWindow.filter(({ severity }) => errorSeverities.test(severity)).length;
  const probes = memory.healthProbes.filter((probe) => probe.at >= from);
  const failedProbes = probes.filter(({ healthy }) => !healthy).length;
  const answered = total(requests ?? []);
  const failed = total((requests ?? []).filter(({ status }) => status >= 500));

  const tooMany = (bad: number, all: number) => bad >= atLeast && bad >= share * all;
  const found = [
    requests === null
      ? 'How users’ requests were answered could not be read'
      : `${failed} of ${answered} requests were answered with 5xx`,
    lines === null ? 'the log could not be read' : `${errors} of ${inWindow.length} log lines are errors`,
    `${failedProbes} of ${probes.length} health probes failed.`,
  ].join('; ');
  const expected = `under ${Math.round(share * 100)} % errors, or under ${atLeast} of them, in ${windowMs / 1000} s; of requests in ${requestsWindowMs / 1000} s`;
  const reading = { signal: 'error-rate', found, expected } as const;
  if (tooMany(failed, answered) || tooMany(errors, inWindow.length) || tooMany(failedProbes, probes.length)) {
    return { ...reading, verdict: 'bad' };
  }
  return lines === null && requests === null
    ? { ...reading, verdict: 'unknown', found: 'not known: neither requests nor the log could be read' }
    : { ...reading, verdict: 'good' };
}

function total(counts: readonly RequestCount[]): number {
  return counts.reduce((sum, { requests }) => sum + requests, 0);
}
