import { describe, expect, it } from 'vitest';
import { judgeErrorRate, requestsSince } from '../../../activities/monitoring/judge-error-rate.ts';
import { nothingRemembered } from '../../../activities/monitoring/memory.ts';
import { sandboxPolicy } from '../../sandbox/policy.ts';

const errorRate = { windowMs: 60_000, requestsWindowMs: 120_000, share: 0.2, atLeast: 10 };
const monitor = { ...sandboxPolicy.monitor, errorRate };
const at = '2026-03-02T10:00:00.000Z';
const context = { monitor, memory: nothingRemembered, at };

const logged = (severity: string, count: number) =>
  Array.from({ length: count }, () => ({ at, severity, message: '' }));
const answered = (status: number, requests: number) => ({ status, requests });
type Read = Parameters<typeof judgeErrorRate>[1];
const verdict = (read: Read) => judgeErrorRate(context, read).verdict;

describe('the error rate', () => {
  it('is told with its figures', () => {
    const requests = [answered(200, 250), answered(404, 20), answered(500, 60), answered(502, 20)];
    expect(judgeErrorRate(context, { lines: logged('info', 3), requests })).toEqual({
      signal: 'error-rate',
      verdict: 'bad',
      found:
        '80 of 350 requests were answered with 5xx; 0 of 3 log lines are errors; 0 of 0 health probes failed.',
      expected: 'under 20 % errors, or under 10 of them, in 60 s; of requests in 120 s',
    });
  });

  it.each<[string, Read, string]>([
    ['few of many requests', { lines: [], requests: [answered(200, 990), answered(500, 10)] }, 'good'],
    ['too few requests to tell', { lines: [], requests: [answered(500, 9)] }, 'good'],
    ['what users did wrong', { lines: [], requests: [answered(404, 500)] }, 'good'],
    ['errors that only the log has', { lines: logged('error', 10), requests: [answered(200, 99)] }, 'bad'],
    ['requests alone', { lines: null, requests: [answered(503, 10)] }, 'bad'],
    ['the log alone', { lines: logged('info', 1), requests: null }, 'good'],
    ['neither', { lines: null, requests: null }, 'unknown'],
  ])('of %s is judged as it should', (_, read, expected) => {
    expect(verdict(read)).toBe(expected);
  });

  it('says what could not be read', () => {
    expect(judgeErrorRate(context, { lines: null, requests: [] }).found).toContain(
      'the log could not be read',
    );
    expect(judgeErrorRate(context, { lines: [], requests: null }).found).toContain(
      'answered could not be read',
    );
  });

  it('tells nothing of the deployment that runs by requests from before it', () => {
    expect(requestsSince(context, '2026-03-01T10:00:00.000Z')).toBe('2026-03-02T09:58:00.000Z');
    expect(requestsSince(context, '2026-03-02T09:59:30.000Z')).toBe('2026-03-02T09:59:30.000Z');
  });
});
