import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../../../activities/adapters/supabase/failures.ts';

const now = new Date('2026-03-01T12:00:00.000Z');

describe('how long to wait after 429', () => {
  test.each([
    [{ 'x-ratelimit-reset': '12' }, 12_000],
    [{ 'x-ratelimit-reset': '0.5' }, 500],
    [{ 'retry-after': '3' }, 3_000],
    [{ 'x-ratelimit-reset': '2', 'retry-after': '30' }, 2_000],
    [{ 'x-ratelimit-reset': String(now.getTime() / 1000 + 9) }, 9_000],
    [{ 'x-ratelimit-reset': String(now.getTime() / 1000 - 9) }, 0],
    [{ 'x-ratelimit-reset': 'soon' }, undefined],
    [{}, undefined],
  ])('%o is %s ms', (headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });
});
