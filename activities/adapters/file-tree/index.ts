import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reservedFolders } from '../../uploads/keys.ts';
import type { FileTree } from '../../uploads/ports.ts';
import { inTree, treeFailure } from './failure.ts';
import { fileDigest } from './file-digest.ts';
import { createFolders } from './folders.ts';
import { createKeptFiles } from './kept-files.ts';
import { listFile, listFiles } from './listing.ts';
import { openPartialFile, partialName } from './partial-file.ts';
import { stampOf } from './stamp.ts';

export { openSyncState } from './sync-state.ts';

/** PATH_MAX of Linux with room for the ending zero; macOS allows 1,024. */
const longestPathBytes = process.platform === 'linux' ? 4_095 : 1_023;
/** Room for `.deleted/<run>/` before a key. */
const keptFolderBytes = 40;

/**
 * Looks whether a folder is there.
 *
 * @throws DrError `store-refused` (not retried) when it is not
 */
export async function requireFolder(folder: string): Promise<void> {
  await inTree(`reading the folder "${folder}"`, () => readdir(folder));
}

/**
 * A local folder as a side of a synchronisation. Files appear under their name only when they are whole; links are never
 * followed on writing. Files are not forced to the disk one by one: after a power failure those that were lost differ
 * from the ledger in size or time and are fetched again.
 *
 * @param folder is made when it does not exist
 * @throws DrError `store-unavailable` (retried) or `store-refused`, like every method
 */
export async function openFileTree(folder: string): Promise<FileTree> {
  const root = await inTree(`opening "${folder}"`, async () => {
    await mkdir(folder, { recursive: true });
    return realpath(folder);
  });
  const partials = join(root, reservedFolders.partial);
  const folders = createFolders(root);
  const kept = createKeptFiles(root);
  const readyForPartials = () => folders.ready(`${reservedFolders.partial}/any`);

  const place = async (from: string, key: string, keepIn: string | undefined): Promise<{ stamp: string }> => {
    const path = await folders.ready(key);
    if (keepIn !== undefined) await kept.linkOf(path, key, keepIn);
    await rename(from, path);
    return { stamp: stampOf(await lstat(path)) };
  };

  return {
    place: `folder ${root}`,
    caseSensitive: await inTree('trying the file system', () => tellsCases(root)),
    longestKeyBytes: longestPathBytes - Buffer.byteLength(root) - keptFolderBytes,

    async *list(signal, notFile) {
      try {
        yield* listFiles(root, signal, notFile);
      } catch (error) {
        signal.throwIfAborted();
        throw treeFailure(error, `listing "${root}"`);
      }
    },
    readInto: (key, from, buffer) =>
      inTree(`reading "${key}"`, async () => {
        const file = await open(join(root, key), 'r');
        try {
          const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
          return buffer.subarray(0, bytesRead);
        } finally {
          await file.close();
        }
      }),
    digest: (key, scheme, signal) =>
      inTree(`reading "${key}"`, () => fileDigest(join(root, key), scheme, signal)),
    writeWhole: (key, body, modifiedMs, keepIn) =>
      inTree(`writing "${key}"`, async () => {
        await readyForPartials();
        const path = join(partials, randomBytes(12).toString('hex'));
        try {
          const file = await open(path, 'wx', 0o644);
          try {
            await file.writeFile(body);
            await file.utimes(modifiedMs / 1000, modifiedMs / 1000);
          } finally {
            await file.close();
          }
          return await place(path, key, keepIn);
        } catch (error) {
          await rm(path, { force: true });
          throw error;
        }
      }),
    openPartial: (key, { stamp, bytes, chunkBytes, md5 }) =>
      inTree(`writing "${key}"`, async () => {
        await readyForPartials();
        const path = join(partials, partialName(key, stamp, chunkBytes));
        return openPartialFile(path, { bytes, chunkBytes, md5 }, (_modifiedMs, keepIn) =>
          place(path, key, keepIn),
        );
      }),
    stampNow: (key) => inTree(`looking at "${key}"`, async () => (await listFile(root, key))?.stamp),
    touch: (key, modifiedMs) =>
      inTree(`setting the time of "${key}"`, async () => {
        const path = join(root, key);
        await utimes(path, modifiedMs / 1000, modifiedMs / 1000);
        return { stamp: stampOf(await lstat(path)) };
      }),
    retire: (key, run) =>
      inTree(`moving "${key}" to what is kept`, async () => {
        await kept.move(join(root, key), key, run);
        await folders.prune(key);
      }),
    purge: (beforeRun) => inTree('removing what was kept long enough', () => kept.purge(beforeRun)),
    clearPartials: () =>
      inTree('removing partial files', () => rm(partials, { recursive: true, force: true })),
  };
}

async function tellsCases(root: string): Promise<boolean> {
  const name = `.case-${randomBytes(6).toString('hex')}`;
  await writeFile(join(root, name), '');
  try {
    await stat(join(root, name.toUpperCase()));
    return false;
  } catch {
    return true;
  } finally {
    await rm(join(root, name), { force: true });
  }
}
