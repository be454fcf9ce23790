import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { locateSeaweed } from '../../../activities/adapters/toolbox/index.ts';
import { startSandboxS3 } from './index.ts';

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dr-s3-test-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilRefused(endpoint: string): Promise<void> {
  await vi.waitFor(() => expect(fetch(endpoint)).rejects.toThrow(), { timeout: 60_000, interval: 50 });
}

describe('the sandbox S3 server', () => {
  it('serves its own credentials, refuses others, and leaves nothing behind', () =>
    inFolder(async (folder) => {
      const { path: weedProgram } = await locateSeaweed();
      const server = await startSandboxS3({ folder, weedProgram });
      const bucketsSeenWith = async (accessKeyId: string, secretAccessKey: string) => {
        const client = new S3Client({
          endpoint: server.endpoint,
          region: server.region,
          forcePathStyle: true,
          credentials: { accessKeyId, secretAccessKey },
        });
        try {
          const { Buckets: buckets = [] } = await client.send(new ListBucketsCommand({}));
          return buckets.map(({ Name: name }) => name);
        } finally {
          client.destroy();
        }
      };
      try {
        await server.createBucket('evidence');
        expect(await bucketsSeenWith(server.accessKeyId, server.secretAccessKey)).toEqual(['evidence']);
        await expect(bucketsSeenWith(server.accessKeyId, 'wrong')).rejects.toMatchObject({
          name: 'SignatureDoesNotMatch',
        });
        await expect(bucketsSeenWith('NOBODY', server.secretAccessKey)).rejects.toMatchObject({
          name: 'InvalidAccessKeyId',
        });
        const unsigned = await fetch(`${server.endpoint}/evidence/`);
        expect(unsigned.status).toBe(403);
      } finally {
        await server.stop();
      }
      await untilRefused(server.endpoint);
      expect(await readdir(folder)).toEqual([]);
    }));

  it('ends when its owner is killed outright', () =>
    inFolder(async (folder) => {
      const owner = spawn(
        process.execPath,
        ['--import', 'tsx', join(import.meta.dirname, 'orphan-owner.ts'), folder],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const [endpoint] = await once(owner.stdout, 'data');
      expect((await fetch(String(endpoint))).status).toBe(403);
      owner.kill('SIGKILL');
      await untilRefused(String(endpoint));
      await vi.waitFor(() => expect(existsSync(join(folder, 'seaweedfs', 'data'))).toBe(false), 60_000);
    }));

  it('says why it does not start', () =>
    inFolder(async (folder) => {
      await expect(startSandboxS3({ folder, weedProgram: '/bin/false' })).rejects.toThrow('did not start');
    }));
});
