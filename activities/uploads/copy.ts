import { md5Of } from './digest.ts';
import { keepReplaced } from './keep.ts';
import type { Bucket, ListedObject } from './ports.ts';
import { storeParts } from './store-parts.ts';
import {
  mismatch,
  partBytes,
  partBytesFor,
  type Transfer,
  type TransferContext,
  type Transferred,
} from './transfer.ts';

/** S3 copies no larger object by one request. */
const largestServerCopyBytes = 5 * 1024 ** 3;
/** S3 takes no smaller part, but for the last. */
const leastPartBytes = 5 * 1024 * 1024;
const mostPartBytes = 64 * 1024 * 1024;

/** Takes objects from bucket to bucket: by the server where it reaches both, else through memory, part by part. */
export function copies(from: Bucket, to: Bucket): Transfer {
  return async (context, { source, destination }) => {
    await keepReplaced(to, context, destination);
    if (to.reaches(from) && source.bytes <= largestServerCopyBytes)
      return onServer(from, to, source, context);
    return source.bytes <= partBytes ? whole(from, to, source, context) : inParts(from, to, source, context);
  };
}

async function onServer(
  from: Bucket,
  to: Bucket,
  source: ListedObject,
  { signal, tally }: TransferContext,
): Promise<Transferred | undefined> {
  const copied = await to.copyFrom(from, source, source.key, signal);
  if (copied === undefined) return undefined;
  tally.bytes += source.bytes;
  return {
    sourceStamp: source.stamp,
    destinationStamp: copied.stamp,
    digest: `etag:${copied.stamp}`,
    attributes: {},
    verified: copied.stamp === source.stamp,
  };
}

async function whole(
  from: Bucket,
  to: Bucket,
  source: ListedObject,
  { signal, tally }: TransferContext,
): Promise<Transferred | undefined> {
  const read = await from.readWhole(source, signal);
  if (read === undefined) return undefined;
  const digest = md5Of(read.body);
  const comparable = !read.opaqueEtag && /^[0-9a-f]{32}$/.test(source.stamp);
  if (comparable && digest !== `md5:${source.stamp}`) throw mismatch(source.key, 'arrived with another MD5');
  const written = await to.writeWhole(source.key, read.body, read.attributes, signal);
  tally.bytes += read.body.length;
  return {
    sourceStamp: source.stamp,
    destinationStamp: written.stamp,
    digest,
    attributes: {},
    verified: comparable,
  };
}

async function inParts(
  from: Bucket,
  to: Bucket,
  source: ListedObject,
  context: TransferContext,
): Promise<Transferred | undefined> {
  const description = await from.describe(source, context.signal);
  if (description === undefined) return undefined;
  const given = description.partBytes ?? 0;
  const stored = await storeParts(
    to,
    {
      key: source.key,
      bytes: source.bytes,
      // Parts like those of the source, so that both sides have the same composed checksum.
      partBytes: given >= leastPartBytes && given <= mostPartBytes ? given : partBytesFor(source.bytes),
      content: `${source.stamp}/${source.bytes}`,
      attributes: description.attributes,
      read: async (start, buffer) => {
        const range = { from: start, bytes: buffer.length };
        return (await from.readRange(source, range, (pieces) => fill(buffer, pieces), context.signal))?.taken;
      },
    },
    context,
  );
  if (stored === undefined) return undefined;
  const scheme = stored.digest.split(':')[0];
  const [vouched] = description.digests.length === 1 ? description.digests : [];
  const comparable = vouched?.split(':')[0] === scheme || stored.stamp === source.stamp;
  if (comparable && stored.stamp !== source.stamp && stored.digest !== vouched) {
    await to.remove(source.key, context.signal);
    throw mismatch(source.key, 'arrived with another checksum');
  }
  return {
    sourceStamp: source.stamp,
    destinationStamp: stored.stamp,
    digest: stored.digest,
    attributes: {},
    verified: comparable,
  };
}

async function fill(buffer: Buffer, pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  let filled = 0;
  for await (const piece of pieces) {
    buffer.set(piece, filled);
    filled += piece.length;
  }
  return buffer.subarray(0, filled);
}
