/** What one SeaweedFS server is started with. */
export interface SeaweedLayout {
  readonly s3Port: number;
  /** Arguments of `weed`. Paths are relative to its working directory: socket paths are limited to 107 bytes. */
  readonly arguments: readonly string[];
  /** Unix sockets that SeaweedFS puts into /tmp whatever it is told, and leaves there when it is killed. */
  readonly leftSockets: readonly string[];
}

/** How many ports {@link layOutSeaweed} needs: SeaweedFS binds ten even with every optional part switched off. */
export const seaweedPortCount = 10;

/**
 * Lays out `weed mini` with everything on 127.0.0.1, every port given, no telemetry, no page and no extra protocol.
 * `weed server` was tried: the same parts, but 3 s to start instead of 1.
 *
 * @param ports as many free ports as {@link seaweedPortCount}
 * @param files names relative to the working directory
 */
export function layOutSeaweed(
  ports: readonly number[],
  files: { readonly dataFolder: string; readonly credentialsFile: string },
): SeaweedLayout {
  const [s3 = 0, s3Grpc, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc, admin, adminGrpc] = ports;
  return {
    s3Port: s3,
    arguments: [
      `-logdir=${files.dataFolder}`,
      'mini',
      `-dir=${files.dataFolder}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      '-webdav=false',
      '-admin.ui=false',
      `-admin.port=${admin}`,
      `-admin.port.grpc=${adminGrpc}`,
      '-master.telemetry=false',
      '-master.volumeSizeLimitMB=128',
      `-master.port=${master}`,
      `-master.port.grpc=${masterGrpc}`,
      `-volume.port=${volume}`,
      `-volume.port.grpc=${volumeGrpc}`,
      `-filer.port=${filer}`,
      `-filer.port.grpc=${filerGrpc}`,
      `-filer.localSocket=${files.dataFolder}/filer.sock`,
      `-s3.port=${s3}`,
      `-s3.port.grpc=${s3Grpc}`,
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      `-s3.localSocket=${files.dataFolder}/s3.sock`,
      '-s3.iam=false',
      '-s3.autoCreateBucket=false',
      `-s3.config=${files.credentialsFile}`,
    ],
    leftSockets: [
      ['admin', adminGrpc],
      ['filer', filerGrpc],
      ['master', masterGrpc],
      ['s3', s3Grpc],
      ['volume', volumeGrpc],
    ].map(([part, port]) => `/tmp/seaweedfs-${part}-grpc-${port}.sock`),
  };
}
