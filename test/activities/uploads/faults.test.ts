import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { CancelledFailure } from '@temporalio/activity';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUploadsActivities, type PlaceReference } from '../../../activities/uploads/index.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';
import { filesIn, type Lab, sha256Of, startLab, writeUnder } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());
beforeEach(() => {
  lab.proxy.seen.length = 0;
  lab.proxy.failWith(() => undefined);
});

const large = 70 * 1024 * 1024;
const isSettled = { timeout: 60_000, interval: 20 };

/** Runs a synchronisation in a process of its own and kills it once the condition holds. */
async function killedOnce(
  from: PlaceReference,
  to: PlaceReference,
  condition: () => Promise<void>,
): Promise<void> {
  const task = JSON.stringify({ stores: lab.stores, stateFolder: join(lab.root, 'state'), from, to });
  const script = join(import.meta.dirname, 'sync-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, task], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await vi.waitFor(condition, isSettled);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function linesIn(folder: string, ending: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('').split('\n').filter(Boolean).length;
}

describe('a synchronisation that is killed', () => {
  it('while it downloads leaves no partial file under a name of an object, and is gone on with', async () => {
    const [here, bucket, tree] = [await lab.folder(), await lab.bucket(), await lab.folder()];
    await writeUnder(here.folder, 'video', randomBytes(large));
    for (let number = 0; number < 60; number += 1)
      await writeUnder(here.folder, `s/${number}`, randomBytes(2_000));
    await lab.sync(here, bucket);
    let ranges = 0;
    lab.proxy.failWith(({ method, path }) => {
      if (method !== 'GET' || !path.endsWith('/video')) return undefined;
      ranges += 1;
      return ranges > 2 ? 'hold' : undefined;
    });
    await killedOnce(bucket, tree, async () => {
      expect(await linesIn(join(tree.folder, '.partial'), '.chunks')).toBe(2);
      expect(await filesIn(join(tree.folder, 's'))).toHaveLength(60);
    });
    for (const key of await filesIn(tree.folder)) {
      if (key.startsWith('.partial/')) continue;
      expect(await sha256Of(join(tree.folder, key))).toBe(await sha256Of(join(here.folder, key)));
    }
    expect(await filesIn(tree.folder)).not.toContain('video');

    lab.proxy.failWith(() => undefined);
    lab.proxy.seen.length = 0;
    const result = await lab.sync(bucket, tree);
    expect(result).toMatchObject({
      complete: true,
      transferred: { objects: 1 },
      resumedBytes: 32 * 1024 * 1024,
    });
    expect(result.unchanged + result.compared).toBe(60);
    expect(lab.proxy.objectRequests('GET')).toBe(3);
    expect(await sha256Of(join(tree.folder, 'video'))).toBe(await sha256Of(join(here.folder, 'video')));
    expect(await readdir(tree.folder)).toEqual(['s', 'video']);
  });

  it('while it uploads is gone on with part by part, and leaves no parts behind', async () => {
    const [here, bucket] = [await lab.folder(), await lab.bucket()];
    await writeUnder(here.folder, 'video', randomBytes(large));
    const pending = join(dirname(here.folder), '.tree.sync', 'pending');
    let parts = 0;
    lab.proxy.failWith(({ path }) => {
      if (!path.includes('partNumber=')) return undefined;
      parts += 1;
      return parts > 3 ? 'hold' : undefined;
    });
    await killedOnce(here, bucket, async () => expect(await linesIn(pending, '')).toBe(4));
    expect(await lab.keys(bucket)).toEqual([]);

    lab.proxy.failWith(() => undefined);
    expect(await lab.sync(here, bucket)).toMatchObject({ complete: true, resumedBytes: 48 * 1024 * 1024 });
    const there = await lab.folder();
    await lab.sync(bucket, there);
    expect(await sha256Of(join(there.folder, 'video'))).toBe(await sha256Of(join(here.folder, 'video')));
    expect(await readdir(pending)).toEqual([]);
  });

  it('gives up the parts of a file that is gone by then', async () => {
    const [here, bucket] = [await lab.folder(), await lab.bucket()];
    await writeUnder(here.folder, 'video', randomBytes(large));
    await writeUnder(here.folder, 'other', 'x');
    const pending = join(dirname(here.folder), '.tree.sync', 'pending');
    lab.proxy.failWith(({ path }) => (path.includes('partNumber=5') ? 'hold' : undefined));
    await killedOnce(here, bucket, async () => expect(await linesIn(pending, '')).toBe(5));
    lab.proxy.failWith(() => undefined);
    await writeUnder(here.folder, 'video', 'small now');
    expect(await lab.sync(here, bucket)).toMatchObject({ complete: true });
    const uploads = await lab.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.bucket }));
    expect(uploads.Uploads ?? []).toEqual([]);
  });
});

describe('a store that fails', () => {
  it('now and then with 503 or a dropped connection is asked again', async () => {
    const [here, bucket, tree] = [await lab.folder(), await lab.bucket(), await lab.folder()];
    for (let number = 0; number < 40; number += 1)
      await writeUnder(here.folder, `f${number}`, randomBytes(500));
    const failed = new Set<string>();
    lab.proxy.failWith(({ method, path }) => {
      const request = `${method} ${path}`;
      if (failed.has(request)) return undefined;
      failed.add(request);
      return failed.size % 2 === 0 ? 503 : 'drop';
    });
    expect(await lab.sync(here, bucket)).toMatchObject({ complete: true, transferred: { objects: 40 } });
    expect(await lab.sync(bucket, tree)).toMatchObject({ complete: true, transferred: { objects: 40 } });
    expect(await filesIn(tree.folder)).toEqual(await filesIn(here.folder));
  });

  it('for one object is reported with that object, the others are taken', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    for (const key of ['a', 'bad', 'c']) await lab.put(bucket, key, key);
    lab.proxy.failWith(({ method, path }) => (method === 'GET' && path.endsWith('/bad') ? 503 : undefined));
    const result = await lab.sync(bucket, tree);
    expect(result).toMatchObject({ complete: false, transferred: { objects: 2 } });
    expect(result.failures).toMatchObject({ count: 1, first: [{ key: 'bad', type: 'store-unavailable' }] });
    expect(await filesIn(tree.folder)).toEqual(['a', 'c']);
    lab.proxy.failWith(() => undefined);
    expect(await lab.sync(bucket, tree)).toMatchObject({ complete: true, transferred: { objects: 1 } });
  });

  it('for good ends the run, to be tried again; nothing is deleted for a listing that broke off', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    for (let number = 0; number < 60; number += 1) await lab.put(bucket, `f${number}`, randomBytes(500));
    await lab.sync(bucket, tree);
    lab.proxy.failWith(() => 'drop');
    expect((await failureOf(lab.sync(bucket, tree))).type).toBe('store-unavailable');
    expect(await filesIn(tree.folder)).toHaveLength(60);

    const fresh = await lab.folder();
    lab.proxy.failWith(({ path }) => (path.includes('list-type=2') ? undefined : 'drop'));
    const failure = await failureOf(lab.sync(bucket, fresh));
    expect(failure).toMatchObject({ type: 'store-unavailable', retried: true });
    expect(failure.message).not.toContain(lab.stores.direct.secretAccessKey);
    expect(await filesIn(fresh.folder)).toEqual([]);
  });

  it('by altering what it gives is noticed, and the old file stays', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    await lab.put(bucket, 'photo', 'first');
    await lab.sync(bucket, tree);
    await lab.put(bucket, 'photo', 'second');
    lab.proxy.alter(({ method, path }) => method === 'GET' && path.endsWith('/photo'));
    const result = await lab.sync(bucket, tree);
    lab.proxy.alter(() => false);
    expect(result.failures.first).toMatchObject([{ key: 'photo', type: 'verification-failed' }]);
    expect(await readFile(join(tree.folder, 'photo'), 'utf8')).toBe('first');
  });
});

const canMount = (() => {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('a full disk', () => {
  it.skipIf(!canMount)('is reported, and the files that were there stay whole', async () => {
    const bucket = await lab.bucket();
    const folder = join(lab.root, 'small-disk');
    await mkdir(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    try {
      for (let number = 0; number < 8; number += 1) await lab.put(bucket, `f${number}`, randomBytes(300_000));
      await lab.put(bucket, 'large', randomBytes(2_000_000));
      const tree = { kind: 'folder', folder: join(folder, 'tree') } as const;
      const result = await lab.sync(bucket, tree);
      expect(result.complete).toBe(false);
      expect(result.failures.first.map(({ key }) => key)).toContain('large');
      for (const { type, message } of result.failures.first) {
        expect(type).toBe('store-unavailable');
        expect(message).toContain('The disk is full');
      }
      const files = await filesIn(tree.folder);
      expect(files.length).toBeGreaterThan(0);
      for (const key of files) expect((await stat(join(tree.folder, key))).size).toBe(300_000);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

describe('the activity', () => {
  it('heartbeats with how far it is, and ends when it is cancelled', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    for (const key of ['a', 'b', 'held']) await lab.put(bucket, key, key);
    const environment = activityEnvironment();
    lab.proxy.failWith(({ path }) => (path.endsWith('/held') ? 'hold' : undefined));
    environment.on('heartbeat', (progress) => {
      if (progress.objects === 2) environment.cancel();
    });
    const { syncUploads } = createUploadsActivities(lab.dependencies);
    const run = inActivity(environment, () =>
      syncUploads({ from: bucket, to: tree, purpose: 'backup', keepDays: 30, verify: 'changes' }),
    );
    await expect(run).rejects.toBeInstanceOf(CancelledFailure);
    expect(await filesIn(tree.folder)).toEqual(['a', 'b']);
  });
});
