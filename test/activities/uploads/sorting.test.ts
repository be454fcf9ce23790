import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSyncState } from '../../../activities/adapters/file-tree/index.ts';
import { join as joined } from '../../../activities/uploads/join.ts';
import { keyOrder } from '../../../activities/uploads/key-order.ts';
import type { LedgerEntry } from '../../../activities/uploads/ports.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dr-sorting-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const entry = (key: string, held = 'h'): LedgerEntry => ({
  key,
  bytes: 1,
  held,
  peer: { place: 'p', stamp: 's' },
  modifiedMs: 0,
  digest: 'md5:0',
  attributes: {},
});

describe('sorting of listings', () => {
  it('is right and can be read twice when the items do not fit in memory, and leaves no files', async () => {
    const state = await openSyncState({ folder, runItems: 7 });
    const numbers = Array.from({ length: 100 }, (_, index) => (index * 37) % 100);
    async function* items() {
      for (const number of numbers) yield { key: `k${String(number).padStart(3, '0')}` };
    }
    const sorted = await state.sorted(items(), keyOrder(true), (stored) =>
      z.object({ key: z.string() }).parse(stored),
    );
    const expected = numbers.map((number) => `k${String(number).padStart(3, '0')}`).sort();
    expect((await all(sorted.read())).map(({ key }) => key)).toEqual(expected);
    expect((await all(sorted.read())).map(({ key }) => key)).toEqual(expected);
    expect(sorted.count).toBe(100);
    await sorted.dispose();
    await state.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('joins three streams key by key and takes the last entry of the ledger', async () => {
    async function* of<T>(...items: T[]) {
      yield* items;
    }
    const found = await all(
      joined(
        {
          source: of({ key: 'a' }, { key: 'a/b' }, { key: 'd' }),
          destination: of({ key: 'a/b' }, { key: 'c' }),
          entries: of(entry('a/b', 'old'), entry('a/b', 'new'), entry('e')),
        },
        keyOrder(true),
      ),
    );
    expect(
      found.map((each) => [each.key, each.source?.key, each.destination?.key, each.entry?.held]),
    ).toEqual([
      ['a', 'a', undefined, undefined],
      ['a/b', 'a/b', 'a/b', 'new'],
      ['c', undefined, 'c', undefined],
      ['d', 'd', undefined, undefined],
      ['e', undefined, undefined, 'h'],
    ]);
  });
});

describe('the ledger', () => {
  it('keeps the last word on each key, over a line that a crash cut off', async () => {
    const first = await openSyncState({ folder });
    first.record(entry('a'));
    first.record(entry('b', 'old'));
    first.record(entry('c'));
    await first.close();
    await appendFile(join(folder, 'ledger.jsonl'), '{"key":"cut o');

    const second = await openSyncState({ folder });
    second.record(entry('b', 'new'));
    second.forget('a');
    await second.save();
    await second.close();

    const third = await openSyncState({ folder });
    const kept = await all(third.entries());
    await third.close();
    expect(kept.map(({ key, held }) => [key, held])).toEqual([
      ['b', 'new'],
      ['c', 'h'],
    ]);
  });
});
