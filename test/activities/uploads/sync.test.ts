import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkPlaces } from '../../../activities/uploads/check-places.ts';
import { failureOf } from '../failure-of.ts';
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

const jpeg = { ContentType: 'image/jpeg', CacheControl: 'max-age=60', Metadata: { owner: 'machine-7' } };

describe('a backup of uploads to a folder', () => {
  it('is exact, keeps the times, and a second run lists only', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    const bodies = new Map(
      ['a.jpg', 'folder/b c+d%20.jpg', 'folder/ü/日本.png', 'a-b', 'a/b', 'empty'].map((key) => [
        key,
        key === 'empty' ? Buffer.alloc(0) : randomBytes(3_000),
      ]),
    );
    for (const [key, body] of bodies) await lab.put(bucket, key, body, jpeg);
    const first = await lab.sync(bucket, tree);
    expect(first).toMatchObject({
      complete: true,
      transferred: { objects: 6, bytes: 15_000 },
      unverified: 0,
      failures: { count: 0 },
      refused: { count: 0 },
    });
    expect(await filesIn(tree.folder)).toEqual([...bodies.keys()].sort());
    for (const [key, body] of bodies) {
      expect((await readFile(join(tree.folder, key))).equals(body)).toBe(true);
      const modified = (await lab.head(bucket, key)).LastModified?.getTime();
      expect((await stat(join(tree.folder, key))).mtimeMs).toBe(modified);
    }

    lab.proxy.seen.length = 0;
    const second = await lab.sync(bucket, tree);
    expect(second).toMatchObject({
      complete: true,
      unchanged: 6,
      compared: 0,
      transferred: { objects: 0, bytes: 0 },
    });
    expect(lab.proxy.seen.map(({ method }) => method)).toEqual(['GET']);
    expect(lab.proxy.objectRequests('GET')).toBe(0);
  });

  it('takes what changed, and keeps what was deleted or replaced until its days are over', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    for (const key of ['stays', 'changes', 'goes/deep/down', 'turns'])
      await lab.put(bucket, key, `old ${key}`);
    await lab.sync(bucket, tree);
    await lab.put(bucket, 'changes', 'new changes');
    await lab.remove(bucket, 'goes/deep/down');
    await lab.remove(bucket, 'turns');
    await lab.put(bucket, 'turns/into/folder', 'new');
    await writeUnder(tree.folder, '.deleted/2020-01-01T000000.000Z/long/gone', 'x');
    const result = await lab.sync(bucket, tree);
    expect(result).toMatchObject({
      complete: true,
      unchanged: 1,
      transferred: { objects: 2 },
      replacedKept: 1,
      deletedKept: 2,
      purged: 1,
    });
    const kept = `.deleted/${result.run}`;
    expect(await filesIn(tree.folder)).toEqual([
      `${kept}/changes`,
      `${kept}/goes/deep/down`,
      `${kept}/turns`,
      'changes',
      'stays',
      'turns/into/folder',
    ]);
    expect(await readFile(join(tree.folder, kept, 'changes'), 'utf8')).toBe('old changes');
    expect(await readFile(join(tree.folder, 'changes'), 'utf8')).toBe('new changes');

    await lab.remove(bucket, 'turns/into/folder');
    await lab.put(bucket, 'turns', 'a file again');
    expect(await lab.sync(bucket, tree)).toMatchObject({ complete: true, deletedKept: 1, purged: 0 });
    expect(await readFile(join(tree.folder, 'turns'), 'utf8')).toBe('a file again');
  });

  it('deletes nothing when the source lists nothing at all', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    await lab.put(bucket, 'only', 'one');
    await lab.sync(bucket, tree);
    await lab.remove(bucket, 'only');
    expect(await lab.sync(bucket, tree)).toMatchObject({
      sourceWasEmpty: true,
      deletedKept: 0,
      leftAlone: { count: 1, first: ['only'] },
    });
    expect(await filesIn(tree.folder)).toEqual(['only']);
  });

  it('notices files that changed on the disk, even with size and time set back, and fetches only those', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    for (const key of ['flipped', 'shorter', 'missing', 'touched', 'whole'])
      await lab.put(bucket, key, randomBytes(500));
    await lab.sync(bucket, tree);
    const path = (key: string) => join(tree.folder, key);
    const { mtime } = await stat(path('flipped'));
    const body = await readFile(path('flipped'));
    body.writeUInt8((body[100] ?? 0) ^ 1, 100);
    await writeFile(path('flipped'), body);
    await utimes(path('flipped'), mtime, mtime);
    await writeFile(path('shorter'), 'x');
    await rm(path('missing'));
    await utimes(path('touched'), new Date(), new Date());
    lab.proxy.seen.length = 0;
    const result = await lab.sync(bucket, tree);
    expect(result).toMatchObject({ complete: true, unchanged: 1, compared: 1, transferred: { objects: 3 } });
    expect([...result.repaired.first].sort()).toEqual(['flipped', 'shorter']);
    expect(lab.proxy.objectRequests('GET')).toBe(3);
    expect(await lab.sync(bucket, tree)).toMatchObject({ unchanged: 5 });
  });

  it('reads every file again when it is asked to, and adopts files whose ledger is lost', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    for (const key of ['a', 'b/c']) await lab.put(bucket, key, randomBytes(500), jpeg);
    await lab.sync(bucket, tree);
    expect(await lab.sync(bucket, tree, { verify: 'everything' })).toMatchObject({
      unchanged: 2,
      transferred: { objects: 0 },
    });
    await rm(join(dirname(tree.folder), '.tree.sync'), { recursive: true });
    lab.proxy.seen.length = 0;
    expect(await lab.sync(bucket, tree)).toMatchObject({ compared: 2, transferred: { objects: 0 } });
    expect(lab.proxy.objectRequests('GET')).toBe(0);
  });

  it('refuses clashing keys and never follows a link out of its folder', async () => {
    const [bucket, tree, outside] = [await lab.bucket(), await lab.folder(), await lab.folder()];
    for (const key of ['good', 'clash', 'clash/inside', 'link/inside', '.partial/x'])
      await lab.put(bucket, key, key);
    await symlink(outside.folder, join(tree.folder, 'link'));
    const result = await lab.sync(bucket, tree);
    expect(result.complete).toBe(false);
    expect([...result.refused.first].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: '.partial/x', why: 'reserved folder' },
      { key: 'clash', why: 'file and folder of one name' },
    ]);
    expect(result.failures.first).toMatchObject([{ key: 'link/inside', type: 'store-refused' }]);
    expect(await filesIn(outside.folder)).toEqual([]);
    expect(await filesIn(tree.folder)).toEqual(['clash/inside', 'good', 'link']);
  });
});

describe('a restore of uploads from a folder', () => {
  it('brings back bytes, types and metadata, and leaves what is new in the bucket', async () => {
    const [bucket, fresh, tree] = [await lab.bucket(), await lab.bucket(), await lab.folder()];
    await lab.put(bucket, 'a/photo', 'the photo', jpeg);
    await lab.put(bucket, 'b', 'b');
    await lab.sync(bucket, tree);
    await lab.put(fresh, 'newer', 'stays');
    const result = await lab.sync(tree, fresh, { purpose: 'restore' });
    expect(result).toMatchObject({
      complete: true,
      transferred: { objects: 2 },
      leftAlone: { count: 1, first: ['newer'] },
      deletedKept: 0,
    });
    expect(await lab.keys(fresh)).toEqual(['a/photo', 'b', 'newer']);
    expect(await lab.read(fresh, 'a/photo')).toBe('the photo');
    expect(await lab.head(fresh, 'a/photo')).toMatchObject(jpeg);
    lab.proxy.seen.length = 0;
    expect(await lab.sync(tree, fresh, { purpose: 'restore' })).toMatchObject({ unchanged: 2 });
    expect(lab.proxy.objectRequests('PUT') + lab.proxy.objectRequests('HEAD')).toBe(0);
  });

  it('does not bring back a file that is not what was backed up', async () => {
    const [bucket, fresh, tree] = [await lab.bucket(), await lab.bucket(), await lab.folder()];
    await lab.put(bucket, 'good', 'good');
    await lab.put(bucket, 'rotten', 'fresh!');
    await lab.sync(bucket, tree);
    await writeFile(join(tree.folder, 'rotten'), 'rotten');
    const result = await lab.sync(tree, fresh, { purpose: 'restore' });
    expect(result.complete).toBe(false);
    expect(result.failures.first).toMatchObject([{ key: 'rotten', type: 'verification-failed' }]);
    expect(await lab.keys(fresh)).toEqual(['good']);
  });
});

describe('the way back', () => {
  it('takes only what is missing or older, and lists what is newer or nowhere else', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    for (const key of ['same', 'lost', 'newer', 'rewound']) await lab.put(bucket, key, `backed up ${key}`);
    await lab.sync(bucket, tree);
    await lab.remove(bucket, 'lost');
    await lab.put(bucket, 'extra', 'never backed up');
    await lab.put(bucket, 'newer', 'changed since');
    await lab.put(bucket, 'rewound', 'an old state');
    const later = new Date(Date.now() + 60_000);
    await utimes(join(tree.folder, 'rewound'), later, later);
    const result = await lab.sync(tree, bucket, { purpose: 'restore' });
    expect(result).toMatchObject({
      complete: true,
      transferred: { objects: 2 },
      deletedKept: 0,
      replacedKept: 1,
      newerKept: { count: 1, first: ['newer'] },
      leftAlone: { count: 1, first: ['extra'] },
    });
    const kept = `.deleted/${result.run}/rewound`;
    expect(await lab.keys(bucket)).toEqual([kept, 'extra', 'lost', 'newer', 'rewound', 'same']);
    expect(await lab.read(bucket, kept)).toBe('an old state');
    expect(await lab.read(bucket, 'newer')).toBe('changed since');

    const asked = await lab.sync(tree, bucket, { purpose: 'restore', replaceNewer: true });
    expect(asked).toMatchObject({ newerKept: { count: 0 }, transferred: { objects: 1 }, replacedKept: 1 });
    expect(await lab.read(bucket, 'newer')).toBe('backed up newer');
    expect(await lab.read(bucket, `.deleted/${asked.run}/newer`)).toBe('changed since');
  });

  it('from another bucket transfers what is missing only, by what was remembered on the way there', async () => {
    const [application, other] = [await lab.bucket(), await lab.bucket()];
    for (const key of ['a', 'b', 'lost']) await lab.put(application, key, `body of ${key}`, jpeg);
    await lab.sync(application, other);
    await lab.remove(application, 'lost');
    await lab.put(application, 'extra', 'new');
    const result = await lab.sync(other, application, { purpose: 'restore' });
    expect(result).toMatchObject({
      complete: true,
      unchanged: 2,
      transferred: { objects: 1 },
      leftAlone: { first: ['extra'] },
    });
    expect(await lab.keys(application)).toEqual(['a', 'b', 'extra', 'lost']);
    expect(await lab.head(application, 'lost')).toMatchObject(jpeg);
    const again = await lab.sync(other, application, { purpose: 'restore' });
    expect(again).toMatchObject({ unchanged: 3, transferred: { objects: 0 } });
  });

  it('leaves objects alone that lie where it keeps things, but are of another making', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    await lab.put(bucket, '.deleted/2019/precious', 'x');
    await lab.put(bucket, '.deleted/2020-01-01T000000.000Z/old', 'x');
    await writeUnder(tree.folder, 'a', 'a');
    await lab.sync(tree, bucket, { purpose: 'restore' });
    expect(await lab.keys(bucket)).toEqual(['.deleted/2019/precious', 'a']);
  });
});

describe('a copy of uploads to another bucket', () => {
  it('is made by the server where it reaches both', async () => {
    const [from, to] = [await lab.bucket(), await lab.bucket()];
    await lab.put(from, 'a/b c+d', 'one', jpeg);
    await lab.put(from, 'goes', 'two');
    expect(await lab.sync(from, to)).toMatchObject({
      complete: true,
      transferred: { objects: 2 },
      unverified: 0,
    });
    expect(lab.proxy.objectRequests('GET')).toBe(0);
    expect(await lab.head(to, 'a/b c+d')).toMatchObject(jpeg);

    await lab.remove(from, 'goes');
    await lab.put(to, '.deleted/2020-01-01T000000.000Z/old', 'x');
    const result = await lab.sync(from, to);
    expect(result).toMatchObject({ complete: true, unchanged: 1, deletedKept: 1, purged: 1 });
    expect(await lab.keys(to)).toEqual([`.deleted/${result.run}/goes`, 'a/b c+d']);
    expect(await lab.sync(from, to)).toMatchObject({ unchanged: 1, transferred: { objects: 0 } });
  });

  it('is streamed between different endpoints, large objects part by part with the same checksum', async () => {
    const [tree, from, to] = [await lab.folder(), await lab.bucket(), await lab.bucket()];
    const elsewhere = { ...to, store: 'direct' };
    await writeUnder(tree.folder, 'large', randomBytes(40 * 1024 * 1024));
    await writeUnder(tree.folder, 'small.png', randomBytes(100));
    await lab.sync(tree, from);
    const result = await lab.sync(from, elsewhere);
    expect(result).toMatchObject({ complete: true, transferred: { objects: 2 }, unverified: 0 });
    expect(await lab.head(to, 'small.png')).toMatchObject({ ContentType: 'image/png' });
    expect((await lab.head(to, 'large')).ETag).toBe((await lab.head(from, 'large')).ETag);
    expect(await lab.sync(from, elsewhere)).toMatchObject({ unchanged: 2 });
  });
});

describe('large objects', () => {
  it('go up in parts and come down in ranges, exact and verified', async () => {
    const [here, bucket, there] = [await lab.folder(), await lab.bucket(), await lab.folder()];
    await writeUnder(here.folder, 'video', randomBytes(40 * 1024 * 1024 + 7));
    await lab.sync(here, bucket);
    expect((await lab.head(bucket, 'video')).ETag).toMatch(/-3"$/);
    expect(await lab.sync(bucket, there)).toMatchObject({
      complete: true,
      transferred: { objects: 1, bytes: 40 * 1024 * 1024 + 7 },
      unverified: 0,
    });
    expect(await sha256Of(join(there.folder, 'video'))).toBe(await sha256Of(join(here.folder, 'video')));
    expect(await lab.sync(bucket, there, { verify: 'everything' })).toMatchObject({ unchanged: 1 });
    await rename(join(there.folder, 'video'), join(there.folder, 'moved'));
    expect(await lab.sync(bucket, there)).toMatchObject({ transferred: { objects: 1 }, deletedKept: 1 });
  });

  it('that were stored in one piece are verified by their MD5', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    const body = randomBytes(20 * 1024 * 1024);
    await lab.put(bucket, 'whole', body);
    expect(await lab.sync(bucket, tree)).toMatchObject({ complete: true, unverified: 0 });
    expect((await readFile(join(tree.folder, 'whole'))).equals(body)).toBe(true);
  });
});

describe('two places', () => {
  it('must be different and one of them a bucket', async () => {
    const [bucket, tree] = [await lab.bucket(), await lab.folder()];
    expect((await failureOf(lab.sync(tree, await lab.folder()))).type).toBe('input-invalid');
    expect((await failureOf(lab.sync(bucket, bucket))).type).toBe('input-invalid');
    const unknown = { ...bucket, store: 'nowhere' };
    expect((await failureOf(lab.sync(unknown, tree))).type).toBe('configuration-invalid');
    const { signal } = new AbortController();
    for (const place of [unknown, { ...bucket, bucket: 'not-there' }]) {
      const way = [
        { from: tree, to: place },
        { from: place, to: tree },
      ];
      for (const each of way) {
        const failure = await failureOf(checkPlaces(lab.dependencies, each, signal));
        expect(failure.type).toBe('input-invalid');
      }
    }
    const nowhere = { kind: 'folder', folder: join(tree.folder, 'nowhere') } as const;
    const failure = await failureOf(checkPlaces(lab.dependencies, { from: nowhere, to: bucket }, signal));
    expect(failure.type).toBe('input-invalid');
    expect(await filesIn(tree.folder)).toEqual([]);
    await checkPlaces(lab.dependencies, { from: tree, to: bucket }, signal);
    const missing = { ...bucket, bucket: 'not-there' };
    expect((await failureOf(lab.sync(missing, tree))).type).toBe('store-refused');
  });
});
