import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DrError } from '../../errors.ts';
import { fileErrorCode } from './failure.ts';

/** The folders inside a root. */
export interface Folders {
  /** Path of a key. Its folder is made when it is missing; a link in the way is refused, it may lead outside. */
  ready(key: string): Promise<string>;
  /** Removes the folders of a key that are empty now. */
  prune(key: string): Promise<void>;
}

/** @param root existing folder; nothing above or beside it is made or removed */
export function createFolders(root: string): Folders {
  const known = new Map<string, Promise<void>>();

  const make = async (folder: string): Promise<void> => {
    if (folder === '.') return;
    await ensure(dirname(folder));
    const path = join(root, folder);
    try {
      await mkdir(path, { mode: 0o755 });
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw error;
      if (!(await lstat(path)).isDirectory()) throw inTheWay(folder);
    }
  };

  const ensure = (folder: string): Promise<void> => {
    const made = known.get(folder);
    if (made !== undefined) return made;
    const making = make(folder);
    known.set(folder, making);
    making.catch(() => known.delete(folder));
    return making;
  };

  return {
    async ready(key) {
      await ensure(dirname(key));
      return join(root, key);
    },
    async prune(key) {
      for (let folder = dirname(key); folder !== '.'; folder = dirname(folder)) {
        known.delete(folder);
        try {
          await rmdir(join(root, folder));
        } catch {
          return;
        }
      }
    },
  };
}

function inTheWay(folder: string): DrError {
  return new DrError('store-refused', {
    happened: `"${folder}" is a file or a link where a folder is needed.`,
    meaning: 'Nothing was written: a link could lead outside of the folder of the uploads.',
    next: 'Remove or rename it, then run it again.',
  });
}
