import { contentTypeOf } from './content-type.ts';
import { md5Of, schemeOf } from './digest.ts';
import { keepReplaced } from './keep.ts';
import type { Bucket, FileTree, ObjectAttributes } from './ports.ts';
import { storeParts } from './store-parts.ts';
import {
  mismatch,
  partBytes,
  partBytesFor,
  type Transfer,
  type TransferContext,
  type Transferred,
  type TransferTask,
} from './transfer.ts';

/**
 * Takes files to a bucket: up to 16 MiB in one piece with its MD5, larger ones in parts with their CRC32. In a restore a
 * file must still have the checksum that was recorded with it.
 */
export function uploads(tree: FileTree, bucket: Bucket): Transfer {
  return async (context, task) => {
    const { source, entry } = task;
    const attributes = entry?.attributes ?? { 'content-type': contentTypeOf(source.key) };
    const stored =
      source.bytes <= partBytes
        ? await uploadWhole(tree, bucket, attributes, context, task)
        : await uploadParts(tree, bucket, attributes, context, task);
    if (stored === undefined || (await tree.stampNow(source.key)) !== source.stamp) return undefined;
    return { sourceStamp: source.stamp, attributes, verified: true, ...stored };
  };
}

type Stored = Pick<Transferred, 'destinationStamp' | 'digest'>;

async function uploadWhole(
  tree: FileTree,
  bucket: Bucket,
  attributes: ObjectAttributes,
  context: TransferContext,
  task: TransferTask,
): Promise<Stored | undefined> {
  const { source } = task;
  const body = await tree.readInto(source.key, 0, Buffer.allocUnsafe(source.bytes));
  if (body.length !== source.bytes) return undefined;
  await requireAsRecorded(tree, context, task, body);
  await keepReplaced(bucket, context, task.destination);
  const { stamp, md5 } = await bucket.writeWhole(source.key, body, attributes, context.signal);
  context.tally.bytes += body.length;
  return { destinationStamp: stamp, digest: `md5:${md5}` };
}

async function uploadParts(
  tree: FileTree,
  bucket: Bucket,
  attributes: ObjectAttributes,
  context: TransferContext,
  task: TransferTask,
): Promise<Stored | undefined> {
  const { source } = task;
  await requireAsRecorded(tree, context, task);
  await keepReplaced(bucket, context, task.destination);
  const stored = await storeParts(
    bucket,
    {
      key: source.key,
      bytes: source.bytes,
      partBytes: partBytesFor(source.bytes),
      content: source.stamp,
      attributes,
      read: (from, buffer) => tree.readInto(source.key, from, buffer),
    },
    context,
  );
  return stored === undefined ? undefined : { destinationStamp: stored.stamp, digest: stored.digest };
}

async function requireAsRecorded(
  tree: FileTree,
  { purpose, signal }: TransferContext,
  { source, entry }: TransferTask,
  body?: Buffer,
): Promise<void> {
  const scheme = entry === undefined ? undefined : schemeOf(entry.digest);
  if (purpose !== 'restore' || entry === undefined || scheme === undefined) return;
  const inMemory = body !== undefined && scheme.algorithm === 'md5' && scheme.partBytes === undefined;
  const digest = inMemory ? md5Of(body) : await tree.digest(source.key, scheme, signal);
  if (digest !== entry.digest) throw mismatch(source.key, 'is not what was recorded when it was backed up');
}
