import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateBucketCommand, ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3';
import { createClient } from '../../../activities/adapters/s3/client.ts';
import { freeServerPort } from '../process/free-port.ts';
import { startTethered, type TetheredProcess } from '../process/tethered-process.ts';
import { layOutSeaweed, seaweedPortCount } from './seaweed-arguments.ts';

/** A running S3 server with credentials of its own. */
export interface SandboxS3 {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Creates a bucket, with Object Lock where that is wanted, and resolves when the server has it. */
  createBucket(name: string, options?: { readonly objectLock?: boolean }): Promise<void>;
  /** Ends the server and removes its data; resolves when both are gone. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long the server may take to answer its first request, in ms; it takes about 1,000 on two cores. */
const startDeadlineMs = 120_000;
const attempts = 3;

/**
 * Starts a real S3 server (SeaweedFS) on 127.0.0.1 and free ports. It ends with this process, even when that is killed.
 *
 * @param options.folder existing or new folder; the server's files go into a `seaweedfs` folder inside it
 * @param options.weedProgram path of the `weed` program
 * @returns the server, once it has answered a signed request
 * @throws Error with the end of the server's log when it does not start
 */
export async function startSandboxS3(options: {
  readonly folder: string;
  readonly weedProgram: string;
}): Promise<SandboxS3> {
  const folder = join(options.folder, 'seaweedfs');
  const region = 'us-east-1';
  const accessKeyId = `SANDBOX${randomBytes(6).toString('hex').toUpperCase()}`;
  const secretAccessKey = randomBytes(24).toString('base64url');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(
    join(folder, 's3.json'),
    JSON.stringify({
      identities: [
        {
          name: 'sandbox',
          credentials: [{ accessKey: accessKeyId, secretKey: secretAccessKey }],
          actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'],
        },
      ],
    }),
    { mode: 0o600 },
  );

  for (let attempt = 1; ; attempt += 1) {
    const { endpoint, process } = await launch(folder, options.weedProgram);
    const client = createClient({
      endpoint,
      region,
      forcePathStyle: true,
      maxAttempts: 5,
      credentials: { accessKeyId, secretAccessKey },
    });
    if (await answers(client, process)) {
      return {
        endpoint,
        region,
        accessKeyId,
        secretAccessKey,
        async createBucket(name, { objectLock = false } = {}) {
          await client.send(
            new CreateBucketCommand({
              Bucket: name,
              ...(objectLock ? { ObjectLockEnabledForBucket: true } : {}),
            }),
          );
        },
        async stop() {
          client.destroy();
          await process.stop();
          await rm(folder, { recursive: true, force: true });
        },
      };
    }
    client.destroy();
    await process.stop();
    if (attempt === attempts) {
      const log = await readFile(join(folder, 'log'), 'utf8');
      throw new Error(`The sandbox S3 server did not start. The end of its log:\n${log.slice(-2000)}`);
    }
  }
}

async function launch(
  folder: string,
  weedProgram: string,
): Promise<{ endpoint: string; process: TetheredProcess }> {
  const ports = new Set<number>();
  while (ports.size < seaweedPortCount) ports.add(await freeServerPort());
  const layout = layOutSeaweed([...ports], { dataFolder: 'data', credentialsFile: 's3.json' });
  await mkdir(join(folder, 'data'), { mode: 0o700 });
  const log = await open(join(folder, 'log'), 'w');
  try {
    const process = startTethered({
      program: [weedProgram, ...layout.arguments],
      folder,
      output: log.fd,
      removeAtEnd: ['data', ...layout.leftSockets],
    });
    return { endpoint: `http://127.0.0.1:${layout.s3Port}`, process };
  } finally {
    await log.close();
  }
}

/** Resolves true at the first signed answer, false when the process ended or the deadline passed. */
async function answers(client: S3Client, process: TetheredProcess): Promise<boolean> {
  const deadline = Date.now() + startDeadlineMs;
  let ended = false;
  void process.ended.then(() => {
    ended = true;
  });
  while (!ended && Date.now() < deadline) {
    try {
      await client.send(new ListBucketsCommand({}), { abortSignal: AbortSignal.timeout(2_000) });
      return true;
    } catch {
      await delay(50);
    }
  }
  return false;
}
