import { describe, expect, test } from 'vitest';
import { lastWithout } from '../../../activities/clean-point/last-without.ts';

const list = (length: number) => Array.from({ length }, (_, index) => `backup-${index}`);

async function search(length: number, firstTraced: number) {
  const looked: string[] = [];
  const keys = list(length);
  const boundary = await lastWithout(keys, async (key) => {
    looked.push(key);
    return keys.indexOf(key) >= firstTraced;
  });
  return { ...boundary, looked };
}

describe('the last entry without traces', () => {
  test('is found wherever they begin, with few looks', async () => {
    for (const length of [1, 2, 3, 17, 100]) {
      for (let first = 0; first <= length; first += 1) {
        const { without, firstWith, looked } = await search(length, first);
        expect(without).toBe(first === 0 ? undefined : `backup-${first - 1}`);
        expect(firstWith).toBe(first === length ? undefined : `backup-${first}`);
        expect(new Set(looked).size).toBe(looked.length);
        expect(looked.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(length)));
      }
    }
  });

  test('is the newest after one look when nothing has traces', async () => {
    expect((await search(1000, 1000)).looked).toEqual(['backup-999']);
  });

  test('is unknown in an empty list', async () => {
    expect(await search(0, 0)).toEqual({ without: undefined, firstWith: undefined, looked: [] });
  });
});
