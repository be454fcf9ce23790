import { describe, expect, it } from 'vitest';
import { CopyMessages } from '../../../../activities/adapters/postgres/copy-messages.ts';

function message(code: string, content: string): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(5);
  header.write(code, 'latin1');
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

/** What the server sends: rows with a notice and a parameter change among them, then the end. */
const sent = [
  message('H', '\0\0\x01\0\0'),
  message('d', 'one\n'),
  message('N', 'SNOTICE\0c in between\0\0'),
  message('d', ''),
  message('d', `${'long '.repeat(40)}\n`),
  message('S', 'TimeZone\0UTC\0'),
  message('d', 'E d c\n'),
];
const rows = ['one\n', '', `${'long '.repeat(40)}\n`, 'E d c\n'];

describe('the messages of a copy', () => {
  it.each([
    ['its end', message('c', '')],
    ['a failure', message('E', 'SERROR\0C57P01\0\0')],
  ])('give the rows and hand over what follows with %s, wherever they are cut', (_what, end) => {
    const following = Buffer.concat([end, message('C', 'COPY 3\0'), message('Z', 'I')]);
    const all = Buffer.concat([...sent, following]);
    for (let pieceBytes = 1; pieceBytes <= all.length; pieceBytes += 1) {
      const found: string[] = [''];
      const messages = new CopyMessages({
        row: (chunk, from, to, ends) => {
          found.push(`${found.pop()}${chunk.toString('latin1', from, to)}`);
          if (ends) found.push('');
        },
        chunkRead: () => undefined,
      });
      let at = 0;
      for (let rest: Buffer | undefined; rest === undefined; ) {
        const chunk = Buffer.from(all.subarray(at, at + pieceBytes));
        at += chunk.length;
        rest = messages.read(chunk);
        if (rest !== undefined) expect(Buffer.concat([rest, all.subarray(at)])).toEqual(following);
      }
      expect(found).toEqual([...rows, '']);
    }
  });
});
