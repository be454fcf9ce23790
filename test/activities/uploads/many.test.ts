import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PlaceReference } from '../../../activities/uploads/index.ts';
import { filesIn, type Lab, startLab, writeUnder } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const objectBytes = 40_000;
const counts = z.object({ objects: z.number(), bytes: z.number() });
const told = z.object({
  mostKibibytes: z.number(),
  result: z.object({ complete: z.boolean(), unchanged: z.number(), transferred: counts }),
});

/** Synchronises in a process of its own, whose memory is its own. */
async function syncApart(from: PlaceReference, to: PlaceReference) {
  const task = {
    stores: { primary: lab.stores.direct },
    stateFolder: join(lab.root, 'state-apart'),
    from,
    to,
  };
  const script = join(import.meta.dirname, 'sync-process.ts');
  // Little room for young objects, so that what is held stands out.
  const node = ['--max-semi-space-size=2', '--import', 'tsx', script];
  const { stdout } = await execa(process.execPath, [...node, JSON.stringify(task)]);
  return told.parse(JSON.parse(stdout));
}

async function folderOf(objects: number) {
  const tree = await lab.folder();
  for (let number = 0; number < objects; number += 1)
    await writeUnder(tree.folder, `${number % 40}/${number}.jpg`, randomBytes(objectBytes));
  return tree;
}

describe('thousands of objects', () => {
  it('go up and down in memory that does not grow with them, and a second time only lists', async () => {
    const most: number[] = [];
    for (const objects of [1_000, 5_000]) {
      const [here, bucket, there] = [await folderOf(objects), await lab.bucket(), await lab.folder()];
      const transferred = { objects, bytes: objects * objectBytes };
      const ways = [await syncApart(here, bucket), await syncApart(bucket, there)];
      for (const { result } of ways) expect(result).toMatchObject({ complete: true, transferred });
      most.push(...ways.map(({ mostKibibytes }) => mostKibibytes));
      expect(await filesIn(there.folder)).toEqual(await filesIn(here.folder));
      const again = await syncApart(bucket, there);
      expect(again.result).toMatchObject({ unchanged: objects, transferred: { objects: 0, bytes: 0 } });
    }
    const [fewUp = 0, fewDown = 0, manyUp = 0, manyDown = 0] = most;
    // All the bytes are 160 MB more; some 64 MB of them lie about until the collector is moved to act.
    expect(manyUp - fewUp).toBeLessThan(96 * 1024);
    expect(manyDown - fewDown).toBeLessThan(96 * 1024);
  });
});
