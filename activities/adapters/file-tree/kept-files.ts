import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRunName } from '../../uploads/keep.ts';
import { reservedFolders } from '../../uploads/keys.ts';
import { fileErrorCode } from './failure.ts';

/** Files that were deleted or replaced at the source, kept for a grace period: one folder a run. */
export interface KeptFiles {
  /** Moves a file here. */
  move(path: string, key: string, run: string): Promise<void>;
  /** Keeps the file of that path, if there is one, while it stays in its place: it is about to be replaced. */
  linkOf(path: string, key: string, run: string): Promise<void>;
  /** Removes the runs before this one. Resolves with the number of files. */
  purge(beforeRun: string): Promise<number>;
}

/** @param root the folder of the uploads */
export function createKeptFiles(root: string): KeptFiles {
  const kept = join(root, reservedFolders.deleted);
  const target = async (key: string, run: string): Promise<string> => {
    const path = join(kept, run, key);
    await mkdir(dirname(path), { recursive: true });
    return path;
  };

  return {
    async move(path, key, run) {
      await rename(path, await target(key, run));
    },
    async linkOf(path, key, run) {
      try {
        await link(path, await target(key, run));
      } catch (error) {
        // A retry finds it kept already; a file that is not there has nothing to keep.
        const code = fileErrorCode(error);
        if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
      }
    },
    async purge(beforeRun) {
      let removed = 0;
      for (const run of await names(kept)) {
        if (!isRunName(run) || run >= beforeRun) continue;
        const files = await readdir(join(kept, run), { recursive: true, withFileTypes: true });
        removed += files.filter((file) => !file.isDirectory()).length;
        await rm(join(kept, run), { recursive: true });
      }
      return removed;
    },
  };
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
