import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/**
 * The SDK's client, without its notice that versions to come will want Node 22: the lock file holds one that runs here,
 * and at 3 a.m. the notice says nothing to anybody.
 */
export function createClient(config: S3ClientConfig): S3Client {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return new S3Client(config);
}
