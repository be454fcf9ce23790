import { createHash } from 'node:crypto';
import { CopyObjectCommand, DeleteObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Bucket } from '../../uploads/ports.ts';
import { isOpaque, readAttributes } from './attributes.ts';
import { createClient } from './client.ts';
import { describeObject } from './describe.ts';
import { storeFailure } from './failure.ts';
import { altered, createGuard, ifSame, requireSame, unlessGone, unquoted } from './guard.ts';
import type { S3Settings } from './index.ts';
import { createPartMethods } from './parts.ts';
import { encodeStrictly } from './signature.ts';
import { createTransport } from './transport.ts';

/** A {@link Bucket} with connections to close. */
export interface S3Bucket extends Bucket {
  /** Ends all connections. */
  close(): Promise<void>;
}

const controlAttempts = 4;

/** What one bucket must know of another to copy from it on the server; not part of the port, it holds credentials. */
const origins = new WeakMap<Bucket, { readonly bucket: string; readonly account: string }>();

/**
 * A bucket behind any S3 API by path-style addresses: AWS, Supabase Storage (`https://<ref>.supabase.co/storage/v1/s3`)
 * or a server of one's own. Bytes travel by requests that are signed here, everything else by the SDK.
 *
 * @param settings.connections requests at once; 128 when not given: concurrency is what hides latency
 */
export function createS3Bucket(settings: S3Settings & { readonly connections?: number }): S3Bucket {
  const timeoutMs = settings.timeoutMs ?? 30_000;
  const { bucket } = settings;
  const client = createClient({
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: true,
    maxAttempts: controlAttempts,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, 10_000),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: settings.connections ?? 128, keepAlive: true },
      httpsAgent: { maxSockets: settings.connections ?? 128, keepAlive: true },
    },
  });
  const transport = createTransport({ ...settings, timeoutMs, connections: settings.connections ?? 128 });
  const host = new URL(settings.endpoint).host;
  const place = `bucket ${bucket} at ${host}`;

  const guard = createGuard(place);
  const account = [settings.endpoint, settings.accessKeyId, settings.secretAccessKey].join('\0');

  const self: S3Bucket = {
    place,

    async *list(signal) {
      try {
        const pages = paginateListObjectsV2({ client }, { Bucket: bucket, EncodingType: 'url' });
        for await (const page of pages) {
          signal.throwIfAborted();
          for (const { Key: key, Size: size, ETag: etag, LastModified: modified } of page.Contents ?? []) {
            if (key === undefined) continue;
            yield {
              key: page.EncodingType === 'url' ? decodeKey(key) : key,
              bytes: size ?? 0,
              stamp: unquoted(etag),
              modifiedMs: modified?.getTime() ?? 0,
            };
          }
        }
      } catch (error) {
        signal.throwIfAborted();
        throw storeFailure(error, 'listing', place);
      }
    },

    describe: (object, signal) =>
      guard(`reading "${object.key}"`, signal, () =>
        unlessGone(() => describeObject(transport, object, signal)),
      ),

    readWhole: (object, signal) =>
      guard(`reading "${object.key}"`, signal, () =>
        unlessGone(() =>
          transport.request(
            { method: 'GET', key: object.key, headers: ifSame(object) },
            async (headers, body) => {
              requireSame(object, headers.get('etag'));
              return {
                body: Buffer.from(await body.arrayBuffer()),
                attributes: readAttributes(headers),
                opaqueEtag: isOpaque(headers),
              };
            },
            signal,
          ),
        ),
      ),

    readRange: (object, range, take, signal) =>
      guard(`reading "${object.key}"`, signal, () =>
        unlessGone(() =>
          transport.requestRange(
            { key: object.key, headers: ifSame(object), ...range },
            async (etag, pieces) => {
              requireSame(object, etag);
              return { taken: await take(pieces) };
            },
            signal,
          ),
        ),
      ),

    writeWhole: (key, body, attributes, signal) =>
      guard(`writing "${key}"`, signal, async () => {
        const md5 = createHash('md5').update(body).digest();
        return transport.request(
          { method: 'PUT', key, body, headers: { ...attributes, 'content-md5': md5.toString('base64') } },
          async (headers, answer) => {
            await answer.dump();
            const stamp = unquoted(headers.get('etag'));
            const hex = md5.toString('hex');
            if (stamp !== hex && !isOpaque(headers)) throw altered(key);
            return { stamp, md5: hex };
          },
          signal,
        );
      }),

    ...createPartMethods({ client, transport, bucket, guard }),

    reaches: (other) => origins.get(other)?.account === account,

    copyFrom: (source, object, key, signal) =>
      guard(`copying "${object.key}"`, signal, () =>
        unlessGone(async () => {
          const { CopyObjectResult: copied } = await client.send(
            new CopyObjectCommand({
              Bucket: bucket,
              Key: key,
              CopySource: [origins.get(source)?.bucket ?? '', ...object.key.split('/')]
                .map(encodeStrictly)
                .join('/'),
              CopySourceIfMatch: `"${object.stamp}"`,
            }),
            { abortSignal: signal },
          );
          return { stamp: unquoted(copied?.ETag) };
        }),
      ),

    remove: (key, signal) =>
      guard(`removing "${key}"`, signal, async () => {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      }),

    async close() {
      client.destroy();
      await transport.close();
    },
  };
  origins.set(self, { bucket, account });
  return self;
}

/** Keys come percent-encoded, so that those which XML cannot hold do not break the listing. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return '\uFFFD';
  }
}
