import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './failure.ts';
import { unfinishedFolder } from './object-path.ts';

/** A file as an object. */
export interface ListedFile {
  readonly key: string;
  readonly bytes: number;
  /** RFC 3339, UTC. */
  readonly modifiedAt: string;
}

/**
 * Lists the files whose key begins with a prefix, by key. Links and other special files are no objects.
 *
 * @param root a folder; one that does not exist holds nothing
 */
export async function listFiles(root: string, prefix: string): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  const visit = async (parts: readonly string[]): Promise<void> => {
    const entries = await orWhenMissing(readdir(join(root, ...parts), { withFileTypes: true }), []);
    for (const entry of entries) {
      const key = [...parts, entry.name].join('/');
      if (entry.isDirectory()) {
        const below = `${key}/`;
        if (key !== unfinishedFolder && (below.startsWith(prefix) || prefix.startsWith(below))) {
          await visit([...parts, entry.name]);
        }
      } else if (entry.isFile() && key.startsWith(prefix)) {
        const file = await orWhenMissing(stat(join(root, key)), undefined);
        if (file !== undefined) found.push({ key, bytes: file.size, modifiedAt: file.mtime.toISOString() });
      }
    }
  };
  await visit([]);
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function orWhenMissing<T>(work: Promise<T>, instead: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return instead;
    throw error;
  }
}
