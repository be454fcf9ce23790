import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

const roomBytes = 2 * 1024 ** 3;

/**
 * The folder to make temporary clusters in: the one that `SANDBOX_CLUSTER_ROOT` names, else memory where it has 2 GiB
 * of room, else the system's temporary folder.
 */
export async function temporaryFolderRoot(): Promise<string> {
  const given = process.env['SANDBOX_CLUSTER_ROOT'];
  if (given !== undefined) return given;
  const free = await statfs('/dev/shm').then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return free >= roomBytes ? '/dev/shm' : tmpdir();
}
