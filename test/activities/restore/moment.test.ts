import { describe, expect, test } from 'vitest';
import { targetSecond } from '../../../activities/restore/moment.ts';

const now = new Date('2026-03-01T12:00:00Z');
const unix = (moment: string) => Date.parse(moment) / 1000;

describe('the second that a target means', () => {
  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00Z'],
    ['2026-03-01T10:00:00.999999Z', '2026-03-01T10:00:00Z'],
    ['2026-03-01T15:00:00+05:00', '2026-03-01T10:00:00Z'],
    ['2026-03-01T10:00Z', '2026-03-01T10:00:00Z'],
  ])('at %s is %s', (moment, second) => {
    expect(targetSecond({ kind: 'at', moment }, now)).toBe(unix(second));
  });

  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T09:59:59Z'],
    ['2026-03-01T10:00:00.000Z', '2026-03-01T09:59:59Z'],
    ['2026-03-01T10:00:00.000001Z', '2026-03-01T10:00:00Z'],
    ['2026-03-01T10:00:00.0000000001Z', '2026-03-01T10:00:00Z'],
    ['2026-03-01T10:00:00.5-01:00', '2026-03-01T11:00:00Z'],
  ])('just before %s is %s', (moment, second) => {
    expect(targetSecond({ kind: 'just-before', moment }, now)).toBe(unix(second));
  });

  test.each([
    '2026-03-01T10:00:00',
    '2026-03-01',
    'yesterday',
    '2026-02-30T10:00:00Z',
    '2026-03-01T12:00:01Z',
    '',
  ])('of "%s" is refused: no offset, no date, no such day, or the future', (moment) => {
    expect(() => targetSecond({ kind: 'at', moment }, now)).toThrow(
      expect.objectContaining({ name: 'DrError', type: 'input-invalid' }),
    );
  });
});
