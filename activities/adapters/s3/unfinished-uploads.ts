import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';

/**
 * Aborts multipart uploads that nobody ended; their parts are invisible and cost space until then.
 *
 * @param options.before uploads begun earlier than this; S3 does not tell when the last part came
 * @returns how many were aborted
 * @throws what the SDK throws
 */
export async function abortUnfinishedUploads(
  client: S3Client,
  { bucket, prefix, before }: { readonly bucket: string; readonly prefix: string; readonly before: Date },
): Promise<number> {
  let aborted = 0;
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...marker }),
    );
    for (const { Key: key, UploadId: uploadId, Initiated: initiated } of page.Uploads ?? []) {
      if (key === undefined || uploadId === undefined || (initiated ?? new Date()) >= before) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
      aborted += 1;
    }
    if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return aborted;
    marker = {
      KeyMarker: page.NextKeyMarker,
      ...(page.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: page.NextUploadIdMarker }),
    };
  }
}
