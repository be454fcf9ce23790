import { expect, test } from 'vitest';
import { bytes, count, duration, plural, utc, utcSecond } from '../../../workflows/runbook/format.ts';

test.for<[number | null, string]>([
  [null, 'unknown'],
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [59_499, '59 s'],
  [59_999, '1 min 00 s'],
  [65_000, '1 min 05 s'],
  [3_599_999, '1 h 00 min'],
  [7_260_000, '2 h 01 min'],
  [90_000_000, '25 h 00 min'],
  [-1_500, '-2 s'],
])('a duration of %s ms is written for people as %s', ([ms, text]) => {
  expect(duration(ms)).toBe(text);
});

test.for<[string | null, string]>([
  [null, 'unknown'],
  ['2026-01-31T14:05:09Z', '2026-01-31 14:05:09 UTC'],
  ['2026-01-31T14:05:09.000Z', '2026-01-31 14:05:09 UTC'],
  ['2026-01-31T14:05:09.120Z', '2026-01-31 14:05:09.12 UTC'],
  ['2026-01-31T14:05:09.000001+00:00', '2026-01-31 14:05:09.000001 UTC'],
  ['2026-01-31 14:05:09.500000+00', '2026-01-31 14:05:09.5 UTC'],
  ['2026-01-31 14:05:10+00', '2026-01-31 14:05:10 UTC'],
])('the moment %s is written as %s, without losing a microsecond', ([moment, text]) => {
  expect(utc(moment)).toBe(text);
});

test('a unix second is written as the same moment', () => {
  expect(utcSecond(1_769_868_309)).toBe('2026-01-31 14:05:09 UTC');
});

test.for<[number, string]>([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [3_400_000, '3.4 MB'],
  [20e9, '20.0 GB'],
  [5e15, '5000.0 TB'],
])('%s bytes are written as %s', ([value, text]) => {
  expect(bytes(value)).toBe(text);
});

test('what is not known is never written as a number', () => {
  expect(count(null)).toBe('unknown');
  expect(count(0)).toBe('0');
  expect([null, 0, 1, 2].map((value) => plural(value, 'row', 'rows'))).toEqual([
    'unknown rows',
    '0 rows',
    '1 row',
    '2 rows',
  ]);
});
