import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlaceReference, type SyncInput, syncUploads } from '../../../activities/uploads/index.ts';
import { composeUploads } from '../../../worker/local/uploads.ts';
import {
  type SandboxSupabaseStorage,
  startSandboxSupabaseStorage,
} from '../../sandbox/s3/supabase-storage.ts';
import { failureOf } from '../failure-of.ts';
import { filesIn, type Lab, sha256Of, startLab, writeUnder } from './lab.ts';

let lab: Lab;
let storage: SandboxSupabaseStorage;
beforeAll(async () => {
  lab = await startLab();
  storage = await startSandboxSupabaseStorage({ ...lab.s3 });
});
afterAll(async () => {
  await storage.stop();
  await lab.stop();
});
beforeEach(() => storage.beforeAnswer(async () => undefined));

const mebibyte = 1024 * 1024;

async function sync(from: PlaceReference, to: PlaceReference, purpose: SyncInput['purpose'] = 'backup') {
  const stores = { primary: lab.s3, supabase: storage };
  return syncUploads(
    composeUploads({ stores, stateFolder: join(lab.root, 'state-of-supabase') }),
    { from, to, purpose, keepDays: 30, verify: 'changes' },
    { signal: new AbortController().signal, progress: () => undefined },
  );
}

describe('uploads in Supabase Storage', () => {
  it('are copied exactly and verified, however their parts were cut, and a second run transfers nothing', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    const there = { ...bucket, store: 'supabase' };
    await lab.put(bucket, "a/photo (1) & b's.jpg", 'the photo', { Metadata: { owner: 'machine-7' } });
    await lab.put(bucket, 'one-piece', randomBytes(18 * mebibyte));
    for (const size of [5, 6, 8]) {
      const Body = randomBytes(2 * size * mebibyte + 7);
      const params = { Bucket: bucket.bucket, Key: `parts-of-${size}`, Body };
      await new Upload({ client: lab.client, partSize: size * mebibyte, params }).done();
    }
    expect(await sync(there, tree)).toMatchObject({
      complete: true,
      transferred: { objects: 5 },
      unverified: 0,
    });
    for (const size of [5, 6, 8]) {
      const body = Buffer.from(await lab.bytes(bucket, `parts-of-${size}`));
      expect((await readFile(join(tree.folder, `parts-of-${size}`))).equals(body)).toBe(true);
    }
    expect(await sync(there, tree)).toMatchObject({ unchanged: 5, transferred: { objects: 0 } });
    await rm(join(tree.folder, '..', '.tree.sync'), { recursive: true });
    expect(await sync(there, tree)).toMatchObject({ compared: 5, transferred: { objects: 0 } });
  });

  it('go back there, large ones in parts; a key that it does not take is refused and named', async () => {
    const [bucket, tree, again] = [await lab.bucket(), await lab.folder(), await lab.folder()];
    const there = { ...bucket, store: 'supabase' };
    await writeUnder(tree.folder, 'video', randomBytes(40 * mebibyte + 7));
    await writeUnder(tree.folder, 'a/photo.png', 'the photo');
    await writeUnder(tree.folder, 'ü.png', 'umlaut');
    const result = await sync(tree, there, 'restore');
    expect(result).toMatchObject({ complete: false, transferred: { objects: 2 }, failures: { count: 1 } });
    expect(result.failures.first).toMatchObject([{ key: 'ü.png', type: 'store-refused' }]);
    expect(await lab.keys(bucket)).toEqual(['a/photo.png', 'video']);
    expect(await lab.head(bucket, 'a/photo.png')).toMatchObject({ ContentType: 'image/png' });
    expect(await sync(there, again)).toMatchObject({ complete: true, unverified: 0 });
    expect(await sha256Of(join(again.folder, 'video'))).toBe(await sha256Of(join(tree.folder, 'video')));
  });

  it('that change while they are read are left to the next run, although the server gives the new ones', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    const there = { ...bucket, store: 'supabase' };
    const large = randomBytes(20 * mebibyte);
    await lab.put(bucket, 'small', 'old');
    await lab.put(bucket, 'large', large);
    const changed = new Set<string>();
    storage.beforeAnswer(async ({ method, path }) => {
      const key = path.split('/').at(-1) ?? '';
      if (method !== 'GET' || changed.has(key) || !['small', 'large'].includes(key)) return;
      changed.add(key);
      await lab.put(bucket, key, key === 'small' ? 'new' : Buffer.from(large).fill(0, 0, 9));
    });
    expect(await sync(there, tree)).toMatchObject({
      complete: false,
      changedMeanwhile: 2,
      transferred: { objects: 0 },
    });
    expect(await filesIn(tree.folder)).toEqual([]);
    expect(await sync(there, tree)).toMatchObject({ complete: true, transferred: { objects: 2 } });
    expect(await readFile(join(tree.folder, 'small'), 'utf8')).toBe('new');
  });

  it('keep what was deleted or replaced at a copy there, without versions', async () => {
    const [from, to] = [await lab.bucket(), await lab.bucket()];
    const there = { ...to, store: 'supabase' };
    for (const key of ['changes', 'goes']) await lab.put(from, key, `old ${key}`);
    await sync(from, there);
    await lab.put(from, 'changes', 'new');
    await lab.remove(from, 'goes');
    const result = await sync(from, there);
    expect(result).toMatchObject({ complete: true, replacedKept: 1, deletedKept: 1 });
    const kept = `.deleted/${result.run}`;
    expect(await lab.keys(to)).toEqual([`${kept}/changes`, `${kept}/goes`, 'changes']);
    expect(await lab.read(to, `${kept}/changes`)).toBe('old changes');
  });

  it('are refused to a wrong key, and to a signature for another path or region', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    const there = { ...bucket, store: 'supabase' };
    for (const wrong of [
      { secretAccessKey: 'wrong' },
      { region: 'us-east-1' },
      { endpoint: new URL(storage.endpoint).origin },
    ]) {
      const stores = { supabase: { ...storage, ...wrong } };
      const dependencies = composeUploads({ stores, stateFolder: join(lab.root, 'state-of-wrong') });
      const refused = dependencies.check(there, 'source', new AbortController().signal);
      expect((await failureOf(refused)).type).toBe('store-refused');
    }
    expect(await filesIn(tree.folder)).toEqual([]);
  });
});
