import { describe, expect, it } from 'vitest';
import {
  byteTicks,
  dateTicks,
  durationLabel,
  durationTicks,
} from '../../../../activities/evidence/page/scale.ts';

const labels = (ticks: readonly { readonly label: string }[]) => ticks.map(({ label }) => label);
const utc = (text: string) => Date.parse(text);

describe('ticks', () => {
  it.each([
    [3, ['0', '1 ms', '2 ms', '3 ms']],
    [47_000, ['0', '15 s', '30 s', '45 s', '1 min']],
    [14 * 60_000, ['0', '5 min', '10 min', '15 min']],
    [2 * 3_600_000, ['0', '30 min', '1 h', '1.5 h', '2 h']],
    [40 * 3_600_000, ['0', '12 h', '1 d', '1.5 d', '2 d']],
    [17 * 86_400_000, ['0', '5 d', '10 d', '15 d', '20 d']],
  ])('of %d ms stand where a person counts', (ms, expected) => {
    expect(labels(durationTicks(ms, 4))).toEqual(expected);
  });

  it.each([
    [3, ['0', '1 B', '2 B', '3 B']],
    [900_000, ['0', '500 kB', '1 MB']],
    [3_400_000_000, ['0', '1 GB', '2 GB', '3 GB', '4 GB']],
    [0, ['0', '1 B']],
  ])('of %d bytes are round', (size, expected) => {
    expect(labels(byteTicks(size, 4))).toEqual(expected);
  });

  it('of a year are its months, of a week its days, of a decade its years', () => {
    expect(labels(dateTicks(utc('2025-11-23T15:00:00Z'), utc('2026-11-23T15:00:00Z'), 13))).toEqual([
      'Dec',
      '2026',
      'Feb',
      'Mar',
      'Apr',
      'May',
      'Jun',
      'Jul',
      'Aug',
      'Sep',
      'Oct',
      'Nov',
    ]);
    expect(labels(dateTicks(utc('2026-02-26T00:00:00Z'), utc('2026-03-02T12:00:00Z'), 13))).toEqual([
      '26 Feb',
      '27 Feb',
      '28 Feb',
      '1 Mar',
      '2 Mar',
    ]);
    expect(labels(dateTicks(utc('2016-06-01T00:00:00Z'), utc('2026-06-01T00:00:00Z'), 13))).toEqual([
      '2017',
      '2018',
      '2019',
      '2020',
      '2021',
      '2022',
      '2023',
      '2024',
      '2025',
      '2026',
    ]);
  });

  it.each([1, 2, 3, 6, 9, 12, 18, 24, 60, 120])('of %d months are few, in order and within', (months) => {
    const to = utc('2026-03-31T10:00:00Z');
    const from = to - months * 30.4 * 86_400_000;
    const ticks = dateTicks(from, to, 13);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(14);
    for (const { value } of ticks) expect(value >= from && value <= to).toBe(true);
    expect(ticks.map(({ value }) => value)).toEqual(
      ticks.map(({ value }) => value).toSorted((a, b) => a - b),
    );
  });

  it('name a duration shortly', () => {
    expect([0, 850, 90_000, 5_400_000, 259_200_000].map(durationLabel)).toEqual([
      '0',
      '850 ms',
      '1.5 min',
      '1.5 h',
      '3 d',
    ]);
  });
});
