import { describe, expect, it } from 'vitest';
import { commandLines, commandText } from '../../../client/output/command-text.ts';
import { formatAgo, formatExpected } from '../../../client/output/duration.ts';
import { fields, hang, wrap } from '../../../client/output/text.ts';

describe('text for a narrow screen', () => {
  it('is broken at spaces', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('cuts a word that is longer than the line', () => {
    expect(wrap('abcdefgh ij', 3)).toEqual(['abc', 'def', 'gh', 'ij']);
  });

  it('keeps the column of its label free', () => {
    expect(hang('label: ', 'one two', 11)).toEqual(['label: one', '       two']);
  });

  it('puts values in one column', () => {
    expect(
      fields(
        [
          ['a', '1'],
          ['bcd', '2'],
        ],
        40,
      ),
    ).toEqual(['  a    1', '  bcd  2']);
  });
});

describe('a command to be copied', () => {
  it('quotes what a shell would take apart', () => {
    const text = commandText({
      command: 'start',
      environment: 'production',
      args: ['data-loss'],
      options: { reason: 'it cost $5 "today"', watch: true },
    });
    expect(text).toBe(
      'npx dr start data-loss --environment production --reason "it cost \\$5 \\"today\\"" --watch',
    );
  });

  it('is broken so that a shell still reads one command, never inside quotes', () => {
    const text = 'npx dr abort --environment production --reason "a long reason with many words" --as anna';
    const lines = commandLines(text, 50, 2);
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
    expect(
      lines
        .join('\n')
        .replace(/ \\\n +/g, ' ')
        .trim(),
    ).toBe(text);
  });
});

describe('durations', () => {
  it.each([
    [0, '0 s ago'],
    [59_999, '59 s ago'],
    [12 * 60_000, '12 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [72 * 3_600_000, '3 d ago'],
  ])('tell how long ago %d ms is', (ms, text) => {
    expect(formatAgo(ms)).toBe(text);
  });

  it('say unknown where nothing is expected', () => {
    expect(formatExpected(null)).toBe('unknown');
    expect(formatExpected({ minMs: 300_000, maxMs: 600_000 })).toBe('5 min to 10 min');
  });
});
