import {
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  type ObjectLockConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BucketProtection } from '../../../workflows/contracts/readiness-facts.ts';
import { readSdkFailure } from './failure.ts';

/** Answers of servers and keys that do not tell; a server that is away is another matter. */
const silent = ['NotImplemented', 'AccessDenied', 'MethodNotAllowed'];

/**
 * Reads versioning and Object Lock of a bucket; null where the server has no such thing or the key may not look.
 *
 * @throws what the SDK throws for anything else
 */
export async function readProtection(client: S3Client, bucket: string): Promise<BucketProtection> {
  const [versioning, lock] = await Promise.all([
    unlessSilent(async () => {
      const { Status: status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
      return status === 'Enabled';
    }),
    unlessSilent(() => readLock(client, bucket)),
  ]);
  return {
    versioning,
    objectLock: lock === null ? null : lock.ObjectLockEnabled === 'Enabled',
    defaultRetention: retentionOf(lock),
  };
}

async function readLock(client: S3Client, bucket: string): Promise<ObjectLockConfiguration> {
  try {
    const answer = await client.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }));
    return answer.ObjectLockConfiguration ?? {};
  } catch (error) {
    if (readSdkFailure(error).name === 'ObjectLockConfigurationNotFoundError') return {};
    throw error;
  }
}

function retentionOf(lock: ObjectLockConfiguration | null): string | null {
  const retention = lock?.Rule?.DefaultRetention;
  if (retention?.Mode === undefined) return null;
  const { Mode: mode, Days: days, Years: years } = retention;
  return `${mode} ${days === undefined ? `${years ?? 'unknown'} years` : `${days} days`}`;
}

async function unlessSilent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (silent.includes(readSdkFailure(error).name)) return null;
    throw error;
  }
}
