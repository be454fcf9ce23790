import { type DigestScheme, firstThatFits, md5Of, schemeOf } from './digest.ts';
import type { Bucket, FileTree, PartialFile } from './ports.ts';
import {
  forEachAtOnce,
  mismatch,
  partBytes,
  partsAtOnce,
  type Transfer,
  type TransferContext,
  type Transferred,
  type TransferTask,
} from './transfer.ts';

/** Objects up to this size are fetched by one request and held in memory. */
export const smallBytes = 1024 * 1024;

/** Takes objects from a bucket to files: small ones at once, others by ranges side by side, resumed after a kill. */
export function downloads(bucket: Bucket, tree: FileTree): Transfer {
  return (context, task) => {
    const small = task.source.bytes <= smallBytes && /^[0-9a-f]{32}$/.test(task.source.stamp);
    return small ? downloadWhole(bucket, tree, context, task) : downloadRanges(bucket, tree, context, task);
  };
}

const keptIn = ({ run }: TransferContext, { destination }: TransferTask) =>
  destination === undefined ? undefined : run;

async function downloadWhole(
  bucket: Bucket,
  tree: FileTree,
  context: TransferContext,
  task: TransferTask,
): Promise<Transferred | undefined> {
  const { source } = task;
  const read = await bucket.readWhole(source, context.signal);
  if (read === undefined) return undefined;
  const digest = md5Of(read.body);
  if (!read.opaqueEtag && digest !== `md5:${source.stamp}`)
    throw mismatch(source.key, 'arrived with another MD5');
  context.tally.bytes += read.body.length;
  const { stamp } = await tree.writeWhole(source.key, read.body, source.modifiedMs, keptIn(context, task));
  return {
    sourceStamp: source.stamp,
    destinationStamp: stamp,
    digest,
    attributes: read.attributes,
    verified: !read.opaqueEtag,
  };
}

async function downloadRanges(
  bucket: Bucket,
  tree: FileTree,
  context: TransferContext,
  task: TransferTask,
): Promise<Transferred | undefined> {
  const { source } = task;
  const description = await bucket.describe(source, context.signal);
  if (description === undefined) return undefined;
  const [likeliest] = description.digests;
  const scheme = likeliest === undefined ? undefined : schemeOf(likeliest);
  const chunkBytes = description.partBytes ?? scheme?.partBytes ?? partBytes;
  const partial = await tree.openPartial(source.key, {
    stamp: source.stamp,
    bytes: source.bytes,
    chunkBytes,
    md5: scheme?.algorithm === 'md5' && scheme.partBytes !== undefined,
  });
  try {
    if (!(await fill(bucket, partial, chunkBytes, context, task))) return undefined;
    const compute = (each: DigestScheme) => partial.digest(each, context.signal);
    const vouched = await firstThatFits(description.digests, compute);
    if (vouched === undefined && description.digests.length === 1) {
      await partial.discard();
      throw mismatch(source.key, 'arrived with another checksum');
    }
    const digest = vouched ?? (await compute({ algorithm: 'crc32', partBytes: chunkBytes }));
    const content = { digest, attributes: description.attributes, verified: vouched !== undefined };
    return await commit(partial, content, context, task);
  } finally {
    await partial.close();
  }
}

async function fill(
  bucket: Bucket,
  partial: PartialFile,
  chunkBytes: number,
  { signal, tally }: TransferContext,
  { source }: TransferTask,
): Promise<boolean> {
  let same = true;
  tally.resumedBytes += source.bytes - partial.missing.reduce((sum, chunk) => sum + sizeOf(chunk), 0);
  function sizeOf(chunk: number): number {
    return Math.min(chunkBytes, source.bytes - chunk * chunkBytes);
  }
  await forEachAtOnce(partial.missing, partsAtOnce, async (chunk) => {
    if (!same) return;
    const range = { from: chunk * chunkBytes, bytes: sizeOf(chunk) };
    const read = await bucket.readRange(source, range, (pieces) => partial.write(chunk, pieces), signal);
    if (read === undefined) same = false;
    else tally.bytes += read.taken;
  });
  return same;
}

async function commit(
  partial: PartialFile,
  content: Pick<Transferred, 'digest' | 'attributes' | 'verified'>,
  context: TransferContext,
  task: TransferTask,
): Promise<Transferred> {
  const { stamp } = await partial.commit(task.source.modifiedMs, keptIn(context, task));
  return {
    sourceStamp: task.source.stamp,
    destinationStamp: stamp,
    ...content,
  };
}
