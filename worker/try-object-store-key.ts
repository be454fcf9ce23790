import { createS3ObjectStore } from '../activities/adapters/s3/index.ts';
import type { ObjectStoreKey } from '../activities/credentials/index.ts';
import { DrError } from '../activities/errors.ts';
import type { Configuration } from './configuration.ts';

/** Tries a key on the worker's own bucket, by listing. Throws nothing of the store's. */
export async function tryObjectStoreKey(
  configuration: Pick<Configuration, 'S3_ENDPOINT' | 'S3_REGION' | 'S3_BUCKET'>,
  key: ObjectStoreKey,
): Promise<'accepted' | 'refused' | 'unreachable'> {
  const store = createS3ObjectStore({
    endpoint: configuration.S3_ENDPOINT,
    region: configuration.S3_REGION,
    bucket: configuration.S3_BUCKET,
    ...key,
  });
  try {
    await store.listBucket(configuration.S3_BUCKET, 1);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    return error.type === 'store-refused' ? 'refused' : 'unreachable';
  } finally {
    store.close();
  }
}
