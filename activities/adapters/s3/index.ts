import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { LockableObjectStore, ProtectedBucket } from '../../ports.ts';
import { readProtection } from './bucket-protection.ts';
import { createClient } from './client.ts';
import { readSdkFailure, storeFailure } from './failure.ts';
import { requireSafeKey } from './object-key.ts';
import { createObjectLock } from './object-lock.ts';

export { createS3Bucket } from './bucket.ts';

import { abortUnfinishedUploads } from './unfinished-uploads.ts';

/** Where the object store is and who may use it. */
export interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Longest silence of the server within one request, in ms; 30,000 when not given. */
  readonly timeoutMs?: number;
}

/** A {@link LockableObjectStore} with connections to close. */
export interface S3ObjectStore extends LockableObjectStore, ProtectedBucket {
  /** Closes idle connections. */
  close(): void;
}

/** 10,000 parts of 8 MiB: objects up to 83 GB, at most 24 MiB in memory. S3 allows no more parts. */
const partBytes = 8 * 1024 * 1024;
const partsAtOnce = 3;

/**
 * An object store behind any S3 API. Uploads carry a CRC32 that the server checks; each request is tried three times.
 * An object appears under its key only when all of it has arrived: a broken upload leaves what was there before.
 *
 * @returns the store; every method throws `store-unavailable` (retried), `store-refused` or, for an unsafe key,
 *   `input-invalid`. No message holds a credential.
 */
export function createS3ObjectStore(settings: S3Settings): S3ObjectStore {
  const timeoutMs = settings.timeoutMs ?? 30_000;
  const client = createClient({
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: true,
    maxAttempts: 3,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, 5_000),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    },
  });
  const { bucket } = settings;
  const objectLock = createObjectLock(client, bucket);
  const placeOf = (name: string) => `bucket "${name}" at ${new URL(settings.endpoint).host}`;

  const attempt = async <T>(doing: string, run: () => Promise<T>, name = bucket): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw storeFailure(error, doing, placeOf(name));
    }
  };

  const open = async (key: string): Promise<Readable> => {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!(body instanceof Readable)) throw new Error('The answer has no body.');
    return body;
  };

  return {
    bucket,

    async put(key, body, { contentType }) {
      requireSafeKey(key);
      return attempt(`writing "${key}"`, async () => {
        let bytes = 0;
        const upload = new Upload({
          client,
          params: { Bucket: bucket, Key: key, Body: body, ContentType: contentType },
          partSize: partBytes,
          queueSize: partsAtOnce,
        });
        upload.on('httpUploadProgress', ({ loaded }) => {
          bytes = Math.max(bytes, loaded ?? 0);
        });
        try {
          await upload.done();
        } finally {
          body.destroy();
        }
        return { bytes };
      });
    },

    async putText(key, text, contentType) {
      requireSafeKey(key);
      await attempt(`writing "${key}"`, () =>
        client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: Buffer.from(text, 'utf8'),
            ContentType: contentType,
          }),
        ),
      );
    },

    async get(key) {
      requireSafeKey(key);
      const doing = `reading "${key}"`;
      const body = await attempt(doing, () => open(key));
      // What breaks before anybody reads is told to the reader; unheard, it would end the process.
      body.on('error', () => undefined);
      async function* bytes() {
        try {
          yield* body;
        } catch (error) {
          throw storeFailure(error, doing, placeOf(bucket));
        }
      }
      const stream = Readable.from(bytes(), { objectMode: false });
      // A generator that was never begun does not end what it would have read.
      return stream.once('close', () => body.destroy());
    },

    async getText(key) {
      requireSafeKey(key);
      return attempt(`reading "${key}"`, async () => {
        try {
          const body = await open(key);
          const chunks: Buffer[] = [];
          for await (const chunk of body) chunks.push(Buffer.from(chunk));
          return Buffer.concat(chunks).toString('utf8');
        } catch (error) {
          if (readSdkFailure(error).name === 'NoSuchKey') return undefined;
          throw error;
        }
      });
    },

    list(prefix) {
      return attempt(`listing "${prefix}"`, async () => {
        const found: { key: string; bytes: number; modifiedAt: string }[] = [];
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key: key, Size: size, LastModified: modified } of page.Contents ?? []) {
            if (key === undefined) continue;
            found.push({ key, bytes: size ?? 0, modifiedAt: (modified ?? new Date(0)).toISOString() });
          }
        }
        return found;
      });
    },

    listBucket(name, limit) {
      return attempt(
        'listing keys',
        async () => {
          const keys: string[] = [];
          let token: string | undefined;
          while (keys.length < limit) {
            const page = await client.send(
              new ListObjectsV2Command({
                Bucket: name,
                MaxKeys: Math.min(1_000, limit - keys.length),
                ...(token === undefined ? {} : { ContinuationToken: token }),
              }),
            );
            for (const { Key: key } of page.Contents ?? []) if (key !== undefined) keys.push(key);
            token = page.NextContinuationToken;
            if (token === undefined) break;
          }
          return keys.slice(0, limit);
        },
        name,
      );
    },

    async remove(key) {
      requireSafeKey(key);
      await attempt(`removing "${key}"`, () => objectLock.remove(key));
    },

    async lock(key, lock) {
      requireSafeKey(key);
      return attempt(`locking "${key}"`, () => objectLock.lock(key, lock));
    },

    async holdOn(key) {
      requireSafeKey(key);
      return attempt(`reading the lock of "${key}"`, () => objectLock.holdOn(key));
    },

    removeUnfinished: (prefix, before) =>
      attempt('removing broken uploads', () => abortUnfinishedUploads(client, { bucket, prefix, before })),

    protection: () => attempt('reading versions and Object Lock', () => readProtection(client, bucket)),

    close: () => client.destroy(),
  };
}
