import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createS3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { locateSeaweed } from '../../../activities/adapters/toolbox/index.ts';
import { startSandboxS3 } from './index.ts';

/** A real S3 server of a test's own with one bucket, and the production adapter on it. */
export async function startTestStore() {
  const folder = await mkdtemp(join(tmpdir(), 'dr-s3-test-'));
  const { path: weedProgram } = await locateSeaweed();
  const s3 = await startSandboxS3({ folder, weedProgram });
  await s3.createBucket('evidence');
  const store = createS3ObjectStore({ ...s3, bucket: 'evidence' });
  return {
    s3,
    store,
    async stop() {
      store.close();
      await s3.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
