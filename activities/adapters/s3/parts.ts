import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Bucket } from '../../uploads/ports.ts';
import { altered, type Guard, unlessGone, unquoted } from './guard.ts';
import type { Transport } from './transport.ts';

type PartMethods = Pick<Bucket, 'beginParts' | 'writePart' | 'finishParts' | 'abandonParts'>;

/** Storing in parts. Each part carries its CRC32; of a server that does not confirm it the ETag must be the MD5. */
export function createPartMethods(parts: {
  readonly client: S3Client;
  readonly transport: Transport;
  readonly bucket: string;
  readonly guard: Guard;
}): PartMethods {
  const { client, transport, bucket, guard } = parts;
  return {
    beginParts: (key, attributes, signal) =>
      guard(`writing "${key}"`, signal, async () => {
        const answer = await transport.request(
          {
            method: 'POST',
            key,
            query: { uploads: '' },
            headers: { ...attributes, 'x-amz-checksum-algorithm': 'CRC32' },
          },
          (_headers, body) => body.text(),
          signal,
        );
        const id = /<UploadId>([^<&]+)<\/UploadId>/.exec(answer)?.[1];
        if (id === undefined) throw new Error('The answer names no upload.');
        return id;
      }),

    writePart: ({ key, id }, number, body, signal) =>
      guard(`writing "${key}"`, signal, async () => {
        const sum = crc32(body);
        const hex = sum.toString(16).padStart(8, '0');
        const base64 = Buffer.from(hex, 'hex').toString('base64');
        return transport.request(
          {
            method: 'PUT',
            key,
            body,
            query: { partNumber: String(number), uploadId: id },
            headers: { 'x-amz-checksum-crc32': base64 },
          },
          async (headers, answer) => {
            await answer.dump();
            const etag = unquoted(headers.get('etag'));
            const checked = headers.get('x-amz-checksum-crc32') === base64;
            if (!checked && etag !== createHash('md5').update(body).digest('hex')) throw altered(key);
            return { number, etag, crc32: hex };
          },
          signal,
        );
      }),

    finishParts: ({ key, id }, parts, signal) =>
      guard(`writing "${key}"`, signal, () =>
        unlessGone(async () => {
          const { ETag: etag } = await client.send(
            new CompleteMultipartUploadCommand({
              Bucket: bucket,
              Key: key,
              UploadId: id,
              MultipartUpload: {
                Parts: [...parts]
                  .sort((a, b) => a.number - b.number)
                  .map((part) => ({
                    PartNumber: part.number,
                    ETag: `"${part.etag}"`,
                    ChecksumCRC32: Buffer.from(part.crc32, 'hex').toString('base64'),
                  })),
              },
            }),
            { abortSignal: signal },
          );
          return { stamp: unquoted(etag) };
        }),
      ),

    abandonParts: ({ key, id }) =>
      guard(`forgetting the parts of "${key}"`, undefined, async () => {
        await unlessGone(() =>
          client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id })),
        );
      }),
  };
}
