import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { locateSeaweed } from '../../../activities/adapters/toolbox/index.ts';
import { type PlaceReference, type SyncInput, syncUploads } from '../../../activities/uploads/index.ts';
import { composeUploads } from '../../../worker/local/uploads.ts';
import { startSandboxS3 } from '../../sandbox/s3/index.ts';
import { startProxy } from './proxy.ts';

/** A real S3 server with a proxy before it, folders, and the synchronisation as production puts it together. */
export async function startLab() {
  const root = await mkdtemp(join(tmpdir(), 'dr-uploads-'));
  const { path: weedProgram } = await locateSeaweed();
  const s3 = await startSandboxS3({ folder: root, weedProgram });
  const proxy = await startProxy(s3.endpoint);
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
  });
  const direct = { ...s3 };
  const stores = { primary: { ...direct, endpoint: proxy.endpoint, timeoutMs: 5_000 }, direct };
  const dependencies = composeUploads({ stores, stateFolder: join(root, 'state') });
  let buckets = 0;
  let folders = 0;

  return {
    root,
    s3,
    stores,
    proxy,
    client,
    dependencies,
    /** A new bucket through the proxy. */
    async bucket(): Promise<PlaceReference & { readonly kind: 'bucket' }> {
      buckets += 1;
      await s3.createBucket(`uploads-${buckets}`);
      return { kind: 'bucket', store: 'primary', bucket: `uploads-${buckets}` };
    },
    /** A new folder with a folder around it that nothing else uses. */
    async folder(): Promise<PlaceReference & { readonly kind: 'folder' }> {
      folders += 1;
      const folder = join(root, `place-${folders}`, 'tree');
      await mkdir(folder, { recursive: true });
      return { kind: 'folder', folder };
    },
    sync: (
      from: PlaceReference,
      to: PlaceReference,
      options: Partial<Omit<SyncInput, 'from' | 'to'>> & { readonly signal?: AbortSignal } = {},
    ) =>
      syncUploads(
        dependencies,
        { from, to, purpose: 'backup', keepDays: 30, verify: 'changes', ...options },
        { signal: options.signal ?? new AbortController().signal, progress: () => undefined },
      ),
    put: (
      { bucket }: { readonly bucket: string },
      key: string,
      body: string | Buffer,
      more: Partial<ConstructorParameters<typeof PutObjectCommand>[0]> = {},
    ) => client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more })),
    head: ({ bucket }: { readonly bucket: string }, key: string) =>
      client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
    remove: ({ bucket }: { readonly bucket: string }, key: string) =>
      client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
    async read({ bucket }: { readonly bucket: string }, key: string): Promise<string> {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await body?.transformToString()) ?? '';
    },
    async bytes({ bucket }: { readonly bucket: string }, key: string): Promise<Uint8Array> {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await body?.transformToByteArray()) ?? new Uint8Array();
    },
    async keys({ bucket }: { readonly bucket: string }): Promise<readonly string[]> {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
        for (const { Key: key } of page.Contents ?? []) if (key !== undefined) keys.push(key);
      }
      return keys.sort();
    },
    async stop() {
      client.destroy();
      await proxy.stop();
      await s3.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A running laboratory. */
export type Lab = Awaited<ReturnType<typeof startLab>>;

/** Every file below a folder, sorted, by its path inside. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((each) => !each.isDirectory())
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .sort();
}

/** Writes a file and its folders. */
export async function writeUnder(folder: string, key: string, body: string | Buffer): Promise<void> {
  const path = join(folder, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
}

/** SHA-256 of a file, as hex. */
export async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
