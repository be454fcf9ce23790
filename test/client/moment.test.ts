import { describe, expect, it } from 'vitest';
import { echoMoment, parseMoment } from '../../client/moment.ts';

const now = new Date('2025-11-29T03:30:00Z');
const problemOf = (text: string) => {
  const parsed = parseMoment(text, '--at', now);
  return 'problem' in parsed ? parsed.problem : null;
};

describe('a moment that a person typed', () => {
  it.each([
    ['2025-11-29T03:12:00Z', '2025-11-29T03:12:00.000Z'],
    ['2025-11-29T04:12:00+01:00', '2025-11-29T03:12:00.000Z'],
    ['2025-11-29 03:12:00z', '2025-11-29T03:12:00.000Z'],
    ['2024-02-29T23:59:59-05:30', '2024-03-01T05:29:59.000Z'],
  ])('is read: %s', (text, instant) => {
    const parsed = parseMoment(text, '--at', now);
    expect('moment' in parsed && parsed.moment.at.toISOString()).toBe(instant);
  });

  it('keeps its fraction to the last digit, as just before a microsecond is another second', () => {
    const parsed = parseMoment('2025-11-29T03:12:00.000001Z', '--at', now);
    expect('moment' in parsed && parsed.moment.text).toBe('2025-11-29T03:12:00.000001Z');
  });

  it.each(['2025-11-29T03:12:00', '2025-11-29 03:12:00'])('is refused without an offset: %s', (text) => {
    expect(problemOf(text)).toMatch(/^--at: .* has no offset.*2025-11-29T03:12:00Z/);
  });

  it.each([
    '',
    'yesterday',
    '2025-11-29',
    '03:12',
    '2025-11-29T03:12Z',
    '1764385920',
    '29.11.2025 03:12:00Z',
  ])('is refused when malformed: "%s"', (text) => {
    expect(problemOf(text)).toMatch(/is not a time/);
  });

  it.each([
    '2025-02-30T03:12:00Z',
    '2025-13-01T03:12:00Z',
    '2025-11-29T24:00:00Z',
    '2025-11-29T03:60:00Z',
    '2025-11-29T03:12:61Z',
    '2025-11-29T03:12:00+24:00',
    '2025-02-29T00:00:00Z',
  ])('is refused when no such moment exists: %s', (text) => {
    expect(problemOf(text)).toMatch(/does not exist/);
  });

  it.each(['2025-11-29T03:30:01Z', '2025-11-29T03:12:00-01:00', '2026-11-29T03:12:00Z'])(
    'is refused in the future: %s',
    (text) => {
      expect(problemOf(text)).toMatch(/is in the future; now it is 2025-11-29 03:30:00 UTC/);
    },
  );

  it('is echoed in UTC, with the local time and how long ago', () => {
    expect(echoMoment(new Date('2025-11-29T03:12:00Z'), now)).toMatch(
      /^2025-11-29 03:12:00 UTC \(.*\d\d:\d\d:00 \S+\), 18 min ago$/,
    );
  });
});
