import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reservedFolders } from '../../uploads/keys.ts';
import type { ListedObject } from '../../uploads/ports.ts';
import { fileErrorCode } from './failure.ts';
import { stampOf } from './stamp.ts';

const statsAtOnce = 64;
const reserved: ReadonlySet<string> = new Set(Object.values(reservedFolders));

/** Walks the files under a root, folder by folder; what vanishes meanwhile is left out. */
export async function* listFiles(
  root: string,
  signal: AbortSignal,
  notFile: (key: string) => void,
): AsyncGenerator<ListedObject> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    const files: string[] = [];
    for (const found of await readFolder(join(root, folder))) {
      if (folder === '' && reserved.has(found.name)) continue;
      const key = folder === '' ? found.name : `${folder}/${found.name}`;
      if (found.isDirectory()) folders.push(key);
      else if (found.isFile()) files.push(key);
      else notFile(key);
    }
    for (let at = 0; at < files.length; at += statsAtOnce) {
      const listed = await Promise.all(files.slice(at, at + statsAtOnce).map((key) => listFile(root, key)));
      for (const object of listed) if (object !== undefined) yield object;
    }
  }
}

async function readFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** One file as it is now; undefined when there is none. */
export async function listFile(root: string, key: string): Promise<ListedObject | undefined> {
  try {
    const stats = await lstat(join(root, key));
    return { key, bytes: stats.size, stamp: stampOf(stats), modifiedMs: stats.mtimeMs };
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
