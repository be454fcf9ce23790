import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore, type FolderStore } from '../../../../activities/adapters/folder-store/index.ts';
import { DrError } from '../../../../activities/errors.ts';
import { failureOf } from '../../failure-of.ts';

const options = { contentType: 'text/plain' };

describe('the folder store', () => {
  let root: string;
  let store: FolderStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'dr-folder-store-'));
    store = createFolderStore({ root });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('keeps text and streams, for their owner alone', async () => {
    const bytes = randomBytes(3_000_000);
    await store.putText('a/b/text', 'Grüße \u2028', 'text/plain');
    expect(await store.put('a/stream', Readable.from([bytes]), options)).toEqual({ bytes: bytes.length });
    expect(await store.getText('a/b/text')).toBe('Grüße \u2028');
    expect(await store.getText('a/none')).toBeUndefined();
    expect(bytes.equals(await buffer(await store.get('a/stream')))).toBe(true);
    expect((await stat(join(root, 'a/stream'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, 'a/b'))).mode & 0o777).toBe(0o700);
    expect((await failureOf(store.get('a/none'))).type).toBe('store-refused');
  });

  it('leaves what was there, and nothing else, when the body breaks', async () => {
    await store.putText('kept', 'before', 'text/plain');
    const broken = new DrError('database-unreachable', { happened: 'Gone.', meaning: '-', next: '-' });
    async function* body() {
      yield Buffer.alloc(1_000_000);
      throw broken;
    }
    expect(await failureOf(store.put('kept', Readable.from(body()), options))).toBe(broken);
    expect(await store.getText('kept')).toBe('before');
    expect(await readdir(join(root, '.unfinished'))).toEqual([]);
  });

  it('lists by prefix, and never what is unfinished or a link', async () => {
    for (const key of ['x/1', 'x/2', 'xy', 'y/3']) await store.putText(key, key, 'text/plain');
    await writeFile(join(root, '.unfinished', 'left'), 'part');
    await symlink('/etc/hostname', join(root, 'x', 'link'));
    expect((await store.list('x/')).map(({ key, bytes }) => [key, bytes])).toEqual([
      ['x/1', 3],
      ['x/2', 3],
    ]);
    expect((await store.list('x')).map(({ key }) => key)).toEqual(['x/1', 'x/2', 'xy']);
    expect(await store.listBucket(root, 2)).toEqual(['x/1', 'x/2']);
    expect((await failureOf(store.listBucket('other', 2))).type).toBe('store-refused');
    expect(await createFolderStore({ root: join(root, 'nowhere') }).list('')).toEqual([]);
  });

  it('removes an object, and is content when there is none', async () => {
    await store.putText('a/b', 'text', 'text/plain');
    await store.remove('a/b');
    await store.remove('a/b');
    await store.remove('never/there');
    expect(await store.list('')).toEqual([]);
  });

  it('removes what is unfinished once it is old', async () => {
    await store.putText('a', 'text', 'text/plain');
    for (const name of ['old', 'young']) await writeFile(join(root, '.unfinished', name), 'part');
    await utimes(join(root, '.unfinished', 'old'), 1, 1);
    expect(await store.removeUnfinished('', new Date(2_000))).toBe(1);
    expect(await readdir(join(root, '.unfinished'))).toEqual(['young']);
  });

  it.each(['', '/a', 'a/', 'a//b', 'a/../b', '..', 'a\\b', 'a\nb', '.unfinished/a', `a/${'ü'.repeat(128)}`])(
    'refuses the key %j',
    async (key) => {
      for (const use of [() => store.putText(key, 'a', ''), () => store.get(key), () => store.remove(key)]) {
        expect((await failureOf(use())).type).toBe('input-invalid');
      }
    },
  );

  it('does not follow links, neither in folders nor as files', async () => {
    await symlink(tmpdir(), join(root, 'out'));
    await writeFile(join(root, 'real'), 'text');
    await symlink('real', join(root, 'link'));
    for (const use of [
      () => store.putText('out/a', 'a', ''),
      () => store.getText('out/a'),
      () => store.remove('out/a'),
      () => store.getText('link'),
    ]) {
      expect((await failureOf(use())).type).toBe('store-refused');
    }
  });

  it('says for good that a file and a folder of one name exclude each other', async () => {
    await store.putText('a', 'text', '');
    expect((await failureOf(store.putText('a/b', 'text', ''))).type).toBe('store-refused');
    await store.putText('c/d', 'text', '');
    expect((await failureOf(store.putText('c', 'text', ''))).type).toBe('store-refused');
    expect(await store.getText('c/d')).toBe('text');
  });

  it('tells the free space', async () => {
    expect(await store.freeBytes()).toBeGreaterThan(0);
  });
});
