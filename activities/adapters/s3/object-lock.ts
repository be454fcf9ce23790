import {
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectVersionsCommand,
  type ObjectVersion,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { LockableObjectStore } from '../../ports.ts';
import { readProtection } from './bucket-protection.ts';
import { readSdkFailure } from './failure.ts';

/** What a bucket with Object Lock does otherwise than one without. */
type ObjectLock = Pick<LockableObjectStore, 'lock' | 'holdOn' | 'remove'>;

/** Locking and removing in one bucket. Every method throws what the SDK throws. */
export function createObjectLock(client: S3Client, bucket: string): ObjectLock {
  const isLockable = async () => (await readProtection(client, bucket)).objectLock === true;

  return {
    async lock(key, { until, mode }) {
      if (!(await isLockable())) return null;
      const found = await head(client, bucket, key);
      const lockedUntil = found?.ObjectLockRetainUntilDate;
      // S3 keeps whole seconds: a fraction would make the same lock look too short the next time.
      const wanted = new Date(Math.ceil(until.getTime() / 1_000) * 1_000);
      if (lockedUntil !== undefined && lockedUntil >= wanted) return lockedUntil.toISOString();
      // Compliance can be made longer, never weaker.
      const Mode = found?.ObjectLockMode === 'COMPLIANCE' ? 'COMPLIANCE' : mode;
      await client.send(
        new PutObjectRetentionCommand({
          Bucket: bucket,
          Key: key,
          Retention: { Mode, RetainUntilDate: wanted },
        }),
      );
      return wanted.toISOString();
    },

    async holdOn(key) {
      const found = await head(client, bucket, key);
      if (found?.ObjectLockLegalHoldStatus === 'ON') return 'under a legal hold';
      const until = found?.ObjectLockRetainUntilDate;
      if (until === undefined || until.getTime() <= Date.now()) return null;
      const mode = found?.ObjectLockMode?.toLowerCase() ?? 'unknown';
      return `locked until ${until.toISOString().slice(0, 19)}Z (Object Lock, ${mode})`;
    },

    async remove(key) {
      const { DeleteMarker: hidden } = await client.send(
        new DeleteObjectCommand({ Bucket: bucket, Key: key }),
      );
      // In a bucket that only keeps versions they are somebody's way back: its lifecycle rules decide.
      if (hidden === true && (await isLockable())) await dropVersions(client, bucket, key);
    },
  };
}

async function head(
  client: S3Client,
  bucket: string,
  key: string,
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    if (readSdkFailure(error).status === 404) return undefined;
    throw error;
  }
}

/** Drops every version of a hidden object, and then what hides it; as long as one is locked, it stays hidden. */
async function dropVersions(client: S3Client, bucket: string, key: string): Promise<void> {
  const { Versions: versions = [], DeleteMarkers: markers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
  );
  const drop = async (listed: readonly Pick<ObjectVersion, 'Key' | 'VersionId'>[]) => {
    let allGone = true;
    for (const { Key: name, VersionId: version } of listed) {
      if (name !== key || version === undefined) continue;
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
      } catch (error) {
        if (readSdkFailure(error).status !== 403) throw error;
        allGone = false;
      }
    }
    return allGone;
  };
  if (await drop(versions)) await drop(markers);
}
