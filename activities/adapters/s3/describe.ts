import type { ListedObject, ObjectDescription } from '../../uploads/ports.ts';
import { isOpaque, readAttributes } from './attributes.ts';
import { readSdkFailure } from './failure.ts';
import { ifSame, isMd5, requireSame } from './guard.ts';
import type { AnswerHeaders, Transport } from './transport.ts';

/**
 * Sizes of parts that programs use, those of a server that does not tell it first: Supabase Storage cuts resumable
 * uploads at 50 MiB; rclone and the SDK use 5, aws 8, supabase-js 6, this program 16.
 */
const usualPartBytes = [50, 16, 5, 8, 6, 10, 12, 15, 20, 25, 32, 64, 100, 128].map(
  (size) => size * 1024 * 1024,
);

/**
 * Reads what the server says of an object: its attributes, the size of its parts by a second request for the first of
 * them, and the composed CRC32, or else the ETag, which is composed of the MD5 of the parts.
 */
export async function describeObject(
  transport: Transport,
  object: ListedObject,
  signal: AbortSignal,
): Promise<ObjectDescription> {
  const head = (query: Readonly<Record<string, string>>): Promise<AnswerHeaders> =>
    transport.request(
      {
        method: 'HEAD',
        key: object.key,
        query,
        headers: { ...ifSame(object), 'x-amz-checksum-mode': 'ENABLED' },
      },
      async (headers, body) => {
        await body.dump();
        requireSame(object, headers.get('etag'));
        return headers;
      },
      signal,
    );
  const headers = await head({});
  const attributes = readAttributes(headers);
  const opaque = isOpaque(headers);
  if (isMd5(object.stamp)) {
    return { attributes, partBytes: undefined, digests: opaque ? [] : [`md5:${object.stamp}`] };
  }
  const partBytes = await unlessRefused(async () =>
    Number((await head({ partNumber: '1' })).get('content-length')),
  );
  const parts = Number(/-(\d+)$/.exec(object.stamp)?.[1]);
  const uniform = partBytes > 0 && Math.ceil(object.bytes / partBytes) === parts;
  if (!uniform) {
    const tried = opaque ? [] : usualPartBytes.filter((size) => Math.ceil(object.bytes / size) === parts);
    return {
      attributes,
      partBytes: undefined,
      digests: tried.map((size) => `md5-${size}:${object.stamp}`),
    };
  }
  const crc32 = /^([A-Za-z0-9+/]{6}==)-\d+$/.exec(headers.get('x-amz-checksum-crc32') ?? '')?.[1];
  if (crc32 !== undefined) {
    const hex = Buffer.from(crc32, 'base64').toString('hex');
    return { attributes, partBytes, digests: [`crc32-${partBytes}:${hex}-${parts}`] };
  }
  return { attributes, partBytes, digests: opaque ? [] : [`md5-${partBytes}:${object.stamp}`] };
}

/** Some servers do not know the question for one part: then its size is not known. */
async function unlessRefused(ask: () => Promise<number>): Promise<number> {
  try {
    return await ask();
  } catch (error) {
    const { status } = readSdkFailure(error);
    if (status === 400 || status === 405 || status === 416 || status === 501) return Number.NaN;
    throw error;
  }
}
