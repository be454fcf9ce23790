import { describe, expect, it } from 'vitest';
import { withoutClashes } from '../../../activities/uploads/clashes.ts';
import { keyOrder } from '../../../activities/uploads/key-order.ts';
import { refusalOf } from '../../../activities/uploads/keys.ts';

async function* stream(keys: readonly string[]) {
  for (const key of keys) yield { key };
}

async function sift(keys: readonly string[], caseSensitive: boolean) {
  const order = keyOrder(caseSensitive);
  const sorted = [...keys].sort((a, b) => (order({ key: a }) < order({ key: b }) ? -1 : 1));
  const refused: string[] = [];
  const taken: string[] = [];
  for await (const { key } of withoutClashes(stream(sorted), caseSensitive, (object) =>
    refused.push(object.key),
  )) {
    taken.push(key);
  }
  return { taken: taken.sort(), refused: refused.sort() };
}

describe('keys of uploads', () => {
  it.each([
    ['', 'empty'],
    ['../x', 'dot folder'],
    ['a/../../x', 'dot folder'],
    ['a/..', 'dot folder'],
    ['./a', 'dot folder'],
    ['..', 'dot folder'],
    ['/etc/passwd', 'absolute path'],
    ['//host/share', 'absolute path'],
    ['C:/windows', 'drive letter'],
    ['c:x', 'drive letter'],
    ['..\\x', 'backslash'],
    ['a\0b', 'control character'],
    ['a\nb', 'control character'],
    ['a\u007f', 'control character'],
    ['\ud800', 'invalid character'],
    ['folder/', 'trailing slash'],
    ['a//b', 'empty folder name'],
    ['.deleted/x', 'reserved folder'],
    ['.partial/x', 'reserved folder'],
    [`a/${'n'.repeat(256)}`, 'name too long'],
    [`a/${'ü'.repeat(128)}`, 'name too long'],
    ['p/'.repeat(300), 'trailing slash'],
    [`${'p/'.repeat(300)}x`, 'path too long'],
  ])('refuse %j', (key, why) => {
    expect(refusalOf(key, 500)).toBe(why);
  });

  it.each([
    'a',
    'a b+c%20.jpg',
    '...',
    '..a',
    'a/.hidden',
    'ü/日本.png',
    'xy:z',
    'a/.deleted/b',
    'n'.repeat(255),
  ])('take %j', (key) => {
    expect(refusalOf(key, 500)).toBeUndefined();
  });

  it.each([true, false])(
    'of a file and a folder of one name lose the file only (%s)',
    async (caseSensitive) => {
      expect(await sift(['a', 'a-b', 'a/b', 'a/c', 'ab', 'b/c', 'b/c/d', 'b/ca'], caseSensitive)).toEqual({
        taken: ['a-b', 'a/b', 'a/c', 'ab', 'b/c/d', 'b/ca'],
        refused: ['a', 'b/c'],
      });
    },
  );

  it('that differ in case only are one file where the file system says so', async () => {
    const keys = ['A.jpg', 'a.jpg', 'B/x', 'b/y', 'B/z', 'c', 'C/d', 'e'];
    expect((await sift(keys, true)).refused).toEqual([]);
    const { taken, refused } = await sift(keys, false);
    const folded = taken.map((key) => key.toLowerCase());
    expect(new Set(folded).size).toBe(taken.length);
    expect(refused).toHaveLength(keys.length - taken.length);
    expect(taken).toContain('e');
    expect(
      taken.filter((key) => key.startsWith('B/')).length * taken.filter((key) => key.startsWith('b/')).length,
    ).toBe(0);
    expect(taken.filter((key) => key.toLowerCase().startsWith('c'))).toHaveLength(1);
  });
});
