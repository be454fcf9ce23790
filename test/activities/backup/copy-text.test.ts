import { describe, expect, it } from 'vitest';
import { parseCopyLine } from '../../../activities/backup/copy-text.ts';

describe('a line of COPY text', () => {
  it.each([
    ['\\N', null],
    ['\\\\N', '\\N'],
    ['\\b\\f\\n\\r\\t\\v\\\\', '\b\f\n\r\t\v\\'],
    ['\\x41\\x4a\\x9', 'AJ\t'],
    ['\\101\\60x', 'A0x'],
    ['\\q\\N', 'qN'],
    ['\\\\x41', '\\x41'],
    ['', ''],
    ['\u2028\r', '\u2028\r'],
  ])('%j is %j', (field, value) => {
    expect(parseCopyLine(field, 1)).toEqual([value]);
  });

  it('is cut at tabs alone, and an empty one is no value where there is no column', () => {
    expect(parseCopyLine('a\t\\t\t\\N\t', 4)).toEqual(['a', '\t', null, '']);
    expect(parseCopyLine('', 0)).toEqual([]);
  });
});
