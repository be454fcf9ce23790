import { describe, expect, it } from 'vitest';
import { BlockPool } from '../../../activities/backup/block-pool.ts';
import { RowDecoder } from '../../../activities/backup/decode-rows.ts';
import { RowEncoder } from '../../../activities/backup/encode-rows.ts';

const failure = (what: string) => new Error(what);

/** Encodes COPY text that arrives cut into pieces of some bytes. */
function encode(copyText: string, columns: number, pieceBytes = Number.POSITIVE_INFINITY): string {
  const bytes = Buffer.from(copyText);
  const encoder = new RowEncoder(columns, new BlockPool(), failure);
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    blocks.push(...encoder.encode(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes))));
  }
  blocks.push(encoder.end());
  return Buffer.concat(blocks).toString();
}

function decode(rows: string, keep: readonly boolean[], pieceBytes = Number.POSITIVE_INFINITY): string {
  const bytes = Buffer.from(`${rows}${rows === '' ? '' : '\n'}]`);
  const decoder = new RowDecoder(keep, failure);
  const texts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { copyText, read, ended } = decoder.decode(
      bytes.subarray(at, Math.min(bytes.length, at + pieceBytes)),
    );
    texts.push(Buffer.from(copyText));
    at += read;
    if (ended) return Buffer.concat(texts).toString();
  }
  throw new Error('The rows did not end.');
}

/** COPY text as the server writes it, how many columns it has, and the values. */
const samples: readonly [string, number, (string | null)[][]][] = [
  ['1\tAda\n', 2, [['1', 'Ada']]],
  ['\\N\t\\\\N\tnull\n', 3, [[null, '\\N', 'null']]],
  ['\\b\\f\\n\\r\\t\\v\\\\\n', 1, [['\b\f\n\r\t\v\\']]],
  ['\n\\N\n\n', 1, [[''], [null], ['']]],
  ['\t\t\n', 3, [['', '', '']]],
  ['a"b\u0001\u001f\u007f\u2028\ufeff\n', 1, [['a"b\u0001\u001f\u007f\u2028\ufeff']]],
  ['Grüße 😀\t\\\\"\\\\\n', 2, [['Grüße 😀', '\\"\\']]],
  ['\u0001\t\u0002\n', 2, [['\u0001', '\u0002']]],
  ['\n\n', 0, [[], []]],
  ['', 3, []],
];

describe('rows', () => {
  it.each(samples)('%j become JSON of the same values, however they are cut', (copyText, columns, values) => {
    for (const pieceBytes of [1, 2, 3, 7, Number.POSITIVE_INFINITY]) {
      const rows = encode(copyText, columns, pieceBytes);
      expect(JSON.parse(`[${rows}]`)).toEqual(values);
      expect(rows.split('\n')).toHaveLength(Math.max(1, values.length));
      const keep = Array.from({ length: columns }, () => true);
      const back = decode(rows, keep, pieceBytes);
      // Both are the same to the server, which writes one of them.
      expect(back.replaceAll('\v', '\\v')).toBe(copyText);
    }
  });

  it('of many blocks are whole, and control characters fit in everywhere', () => {
    const line = `${'\u0001'.repeat(5)}\t${'x"'.repeat(40)}\n`;
    const rows = encode(line.repeat(30_000), 2, 65_536);
    const values: unknown = JSON.parse(`[${rows}]`);
    expect(values).toHaveLength(30_000);
    expect(new Set(rows.split(',\n'))).toEqual(
      new Set([JSON.stringify(['\u0001'.repeat(5), 'x"'.repeat(40)])]),
    );
    expect(decode(rows, [true, true], 1000)).toBe(line.repeat(30_000));
  });

  it('lose the columns that are not wanted, and only those', () => {
    const rows = '["1",null,"a\\tb",""],\n[null,"2","\\u00e9\\ud83d\\ude00","x"]';
    expect(decode(rows, [true, false, true, false])).toBe('1\ta\\tb\n\\N\té😀\n');
    expect(decode(rows, [false, true, false, true], 1)).toBe('\\N\t\n2\tx\n');
    expect(decode(rows, [false, false, false, false])).toBe('\n\n');
  });

  it.each([
    ['a\n', 2],
    ['a\tb\tc\n', 2],
    ['a', 1],
    ['\\Nx\n', 1],
    ['x\n', 0],
  ])('%j are refused for %d columns', (copyText, columns) => {
    expect(() => encode(copyText, columns)).toThrow(/row/);
  });

  it.each([
    '["a"',
    '["a","b"]',
    '[]',
    '["a"],',
    '["a"] ',
    '[1]',
    '[nul]',
    '["a\tb"]',
    '["\\q"]',
    '["\\u00g0"]',
    '["\\u0000"]',
    '["\\ud83d"]',
    '["\\ude00"]',
    '["\\ud83dx\\ude00"]',
    '["a",]',
    '{"a":1}',
    '["a"]["b"]',
  ])('%j is no row of one column', (row) => {
    expect(() => decode(row, [true])).toThrow(/row/);
  });
});
