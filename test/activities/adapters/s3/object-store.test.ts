import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ObjectStore } from '../../../../activities/adapters/s3/index.ts';
import { DrError } from '../../../../activities/errors.ts';
import { startTestStore } from '../../../sandbox/s3/test-store.ts';

describe('the S3 object store', () => {
  let test: Awaited<ReturnType<typeof startTestStore>>;
  beforeAll(async () => {
    test = await startTestStore();
  });
  afterAll(() => test.stop());

  const failureOf = async (work: Promise<unknown>): Promise<DrError> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DrError)) throw new Error(`Not a DrError: ${String(error)}`);
    expect(error.message).not.toContain(test.s3.secretAccessKey);
    expect(error.message).not.toContain(test.s3.accessKeyId);
    return error;
  };

  it('keeps text and tells a missing object from an empty one', async () => {
    await test.store.putText('reports/a.md', 'Grüße \u2028 😀', 'text/markdown');
    await test.store.putText('reports/empty', '', 'text/plain');
    expect(await test.store.getText('reports/a.md')).toBe('Grüße \u2028 😀');
    expect(await test.store.getText('reports/empty')).toBe('');
    expect(await test.store.getText('reports/none')).toBeUndefined();
    expect((await failureOf(test.store.get('reports/none'))).type).toBe('store-refused');
  });

  it('streams an object of several parts up and down unchanged', async () => {
    const block = randomBytes(1024 * 1024);
    const up = createHash('sha256');
    const blocks = 20;
    async function* body() {
      for (let index = 0; index < blocks; index += 1) {
        up.update(block);
        yield block;
      }
    }
    const { bytes } = await test.store.put('big', Readable.from(body()), {
      contentType: 'application/octet-stream',
    });
    expect(bytes).toBe(blocks * block.length);
    const down = createHash('sha256');
    for await (const chunk of await test.store.get('big')) down.update(chunk);
    expect(down.digest('hex')).toBe(up.digest('hex'));
  });

  it.each([
    ['within the first part', 1],
    ['after several parts', 20],
  ])('leaves what was there when the body breaks %s', async (_when, blocks) => {
    await test.store.putText('kept', 'before', 'text/plain');
    const broken = new DrError('database-unreachable', { happened: 'Gone.', meaning: '-', next: '-' });
    async function* body() {
      for (let index = 0; index < blocks; index += 1) yield Buffer.alloc(1024 * 1024);
      throw broken;
    }
    const put = test.store.put('kept', Readable.from(body()), { contentType: 'text/plain' });
    expect(await failureOf(put)).toBe(broken);
    expect(await test.store.getText('kept')).toBe('before');
  });

  it('lists by prefix, and any bucket up to a limit', async () => {
    await test.s3.createBucket('uploads');
    const uploads = createS3ObjectStore({ ...test.s3, bucket: 'uploads' });
    for (const name of ['x/1', 'x/2', 'y/3']) await uploads.putText(name, name, 'text/plain');
    expect((await uploads.list('x/')).map(({ key, bytes }) => [key, bytes])).toEqual([
      ['x/1', 3],
      ['x/2', 3],
    ]);
    expect(Date.parse((await uploads.list('y/'))[0]?.modifiedAt ?? '')).toBeGreaterThan(0);
    expect(await uploads.list('z/')).toEqual([]);
    expect(await test.store.listBucket('uploads', 2)).toEqual(['x/1', 'x/2']);
    expect(await test.store.listBucket('uploads', 10)).toEqual(['x/1', 'x/2', 'y/3']);
    uploads.close();
  });

  it('says for good that a bucket is missing or a key is wrong', async () => {
    const noBucket = createS3ObjectStore({ ...test.s3, bucket: 'nowhere' });
    const wrongKey = createS3ObjectStore({ ...test.s3, bucket: 'evidence', secretAccessKey: 'wrong-secret' });
    for (const store of [noBucket, wrongKey]) {
      for (const work of [
        () => store.putText('a', 'a', 'text/plain'),
        () => store.put('a', Readable.from([Buffer.from('a')]), { contentType: 'text/plain' }),
        () => store.getText('a'),
        () => store.list(''),
      ]) {
        const failure = await failureOf(work());
        expect(failure.type).toBe('store-refused');
        expect(failure.message).not.toContain('wrong-secret');
      }
      store.close();
    }
    expect((await failureOf(test.store.listBucket('nowhere', 1))).type).toBe('store-refused');
  });

  it('says that a server which is away may be tried again', async () => {
    const away = createS3ObjectStore({ ...test.s3, endpoint: 'http://127.0.0.1:1', bucket: 'evidence' });
    const failure = await failureOf(away.putText('a', 'a', 'text/plain'));
    expect(failure).toMatchObject({ type: 'store-unavailable', retried: true });
    expect(failure.message).toContain('ECONNREFUSED');
    away.close();
  });

  it.each(['', '/a', 'a/', 'a//b', 'a/../b', '..', 'a\\b', 'a\nb'])('refuses the key %j', async (key) => {
    expect((await failureOf(test.store.putText(key, 'a', 'text/plain'))).type).toBe('input-invalid');
    expect((await failureOf(test.store.get(key))).type).toBe('input-invalid');
  });
});
