import { describe, expect, it } from 'vitest';
import { CopyMessages } from '../../../activities/adapters/postgres/copy-messages.ts';
import { BlockPool } from '../../../activities/backup/block-pool.ts';
import { RowDecoder } from '../../../activities/backup/decode-rows.ts';
import { RowEncoder } from '../../../activities/backup/encode-rows.ts';

const failure = (what: string) => new Error(what);

type Row = readonly (string | null)[];

/** Rows as the server sends them when they are copied as `jsonLikeCsv`, a message each, with a notice among them. */
function sent(rows: readonly Row[]): Buffer {
  const message = (code: string, content: Buffer) => {
    const header = Buffer.alloc(5);
    header.write(code, 'latin1');
    header.writeUInt32BE(content.length + 4, 1);
    return Buffer.concat([header, content]);
  };
  const csv = (value: string | null) => (value === null ? 'null' : `"${value.replace(/["\\]/g, '\\$&')}"`);
  const messages = rows.map((row) => message('d', Buffer.from(`${row.map(csv).join(',')}\n`)));
  return Buffer.concat([
    ...messages.slice(0, 1),
    message('N', Buffer.from('SNOTICE\0d\0')),
    ...messages.slice(1),
  ]);
}

/** Encodes what the server sends, cut into pieces of some bytes that lie somewhere in their memory. */
function encode(bytes: Buffer, pieceBytes = Number.POSITIVE_INFINITY, offset = 0): string {
  const pool = new BlockPool();
  const blocks: Buffer[] = [];
  const encoder = new RowEncoder(
    pool,
    (block) => {
      blocks.push(Buffer.from(block));
      pool.giveBack(block);
      return undefined;
    },
    failure,
  );
  const messages = new CopyMessages(encoder);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, Math.min(bytes.length, at + pieceBytes));
    const memory = Buffer.alloc(piece.length + offset);
    piece.copy(memory, offset);
    messages.read(memory.subarray(offset));
    encoder.chunkRead();
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

/** Values, and how COPY text writes them. */
const samples: readonly [readonly Row[], string][] = [
  [[['1', 'Ada']], '1\tAda\n'],
  [[[null, '\\N', 'null']], '\\N\t\\\\N\tnull\n'],
  [[['\b\f\n\r\t\v\\']], '\\b\\f\\n\\r\\t\\v\\\\\n'],
  [[[''], [null], ['']], '\n\\N\n\n'],
  [[['', '', '']], '\t\t\n'],
  [[['a"b\u0001\u001f\u007f\u2028\ufeff']], 'a"b\u0001\u001f\u007f\u2028\ufeff\n'],
  [[['Grüße 😀', '\\"\\']], 'Grüße 😀\t\\\\"\\\\\n'],
  [[['\u0001', '\u0002']], '\u0001\t\u0002\n'],
  [
    [
      ['no such character', 'ä'],
      ['one\n', 'two\n'],
      ['none', null],
    ],
    'no such character\tä\none\\n\ttwo\\n\nnone\t\\N\n',
  ],
  [[[], []], '\n\n'],
  [[], ''],
];

describe('rows', () => {
  it.each(samples)('%j become JSON and come back, however they are cut', (values, copyText) => {
    for (const pieceBytes of [1, 2, 3, 4, 5, 6, 7, 11, 1_000]) {
      const rows = encode(sent(values), pieceBytes, pieceBytes % 5);
      expect(JSON.parse(`[${rows}]`)).toEqual(values);
      expect(rows.split('\n')).toHaveLength(Math.max(1, values.length));
      for (const row of values.length === 0 ? [] : rows.split('\n')) expect(row).toMatch(/^ {2}\[.*\],?$/s);
      const back = decode(rows, values[0]?.map(() => true) ?? [], pieceBytes);
      // Both are the same to the server, which writes one of them.
      expect(back.replaceAll('\v', '\\v')).toBe(copyText);
    }
  });

  it('with a control character are found out at every place of a value and of the memory', () => {
    for (let length = 1; length <= 70; length += 1) {
      for (const at of [0, Math.floor(length / 2), length - 1]) {
        for (const code of [0x01, 0x0a, 0x1f]) {
          const value = `${'é'.repeat(at)}${String.fromCharCode(code)}${'~'.repeat(length - 1 - at)}`;
          const rows = encode(sent([[value], ['plain']]), Number.POSITIVE_INFINITY, length % 4);
          expect(rows).toBe(`  ${JSON.stringify([value])},\n  ["plain"]`);
        }
      }
    }
  });

  it('of many blocks are whole, and control characters fit in everywhere', () => {
    const row: Row = ['\u0001'.repeat(5), 'x"'.repeat(40), '\n'.repeat(40)];
    const values = Array.from({ length: 30_000 }, (_, index) => (index % 3 === 0 ? row : row.slice(1, 2)));
    const rows = encode(sent(values), 65_536);
    expect(rows.split(',\n')).toEqual(values.map((one) => `  ${JSON.stringify(one)}`));
  });

  it('of any length are whole', () => {
    const rows = encode(sent([['x'.repeat(700_000)], ['\u0001'.repeat(300_000)]]), 65_536);
    expect(JSON.parse(`[${rows}]`)).toEqual([['x'.repeat(700_000)], ['\u0001'.repeat(300_000)]]);
  });

  it('lose the columns that are not wanted, and only those', () => {
    const rows = '  ["1",null,"a\\tb",""],\n  [null,"2","\\u00e9\\ud83d\\ude00","x"]';
    expect(decode(rows, [true, false, true, false])).toBe('1\ta\\tb\n\\N\té😀\n');
    expect(decode(rows, [false, true, false, true], 1)).toBe('\\N\t\n2\tx\n');
    expect(decode(rows, [false, false, false, false])).toBe('\n\n');
  });

  it.each(['"a"', ''])('%j is refused: no row ends like it', (text) => {
    const message = Buffer.concat([Buffer.from([0x64, 0, 0, 0, text.length + 4]), Buffer.from(text)]);
    expect(() => encode(message)).toThrow(/row/);
  });

  it('that are cut are refused', () => {
    expect(() => encode(sent([['whole'], ['cut']]).subarray(0, -1))).toThrow(/row/);
  });

  it.each([
    '["a"]',
    ' ["a"]',
    '   ["a"]',
    '  ["a"',
    '  ["a","b"]',
    '  []',
    '  ["a"],',
    '  ["a"] ',
    '  [1]',
    '  [nul]',
    '  ["a\tb"]',
    '  ["\\q"]',
    '  ["\\u00g0"]',
    '  ["\\u0000"]',
    '  ["\\ud83d"]',
    '  ["\\ude00"]',
    '  ["\\ud83dx\\ude00"]',
    '  ["a",]',
    '  {"a":1}',
    '  ["a"]["b"]',
  ])('%j is no row of one column', (row) => {
    expect(() => decode(row, [true])).toThrow(/row/);
  });
});
