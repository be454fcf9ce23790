import { constants } from 'node:fs';
import { mkdir, open, readdir, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DrError } from '../../errors.ts';
import type { LockableObjectStore } from '../../ports.ts';
import { folderFailure, systemCode } from './failure.ts';
import { listFiles } from './list-files.ts';
import { objectPath, requireInside, unfinishedFolder } from './object-path.ts';
import { writeWholeFile } from './write-file.ts';

/** A {@link LockableObjectStore} in a folder of this machine. It has no lock: whoever owns a file may delete it. */
export interface FolderStore extends LockableObjectStore {
  /** How many bytes this account may still write there. Throws `store-unavailable` or `store-refused`. */
  freeBytes(): Promise<number>;
}

/** Files are read in pieces of 1 MiB. */
const pieceBytes = 1024 * 1024;

/**
 * Keeps objects as files: for their owner alone (0600 in folders 0700), each there whole or not at all, and on the disk
 * when a method returns. Links are not followed.
 *
 * @param root absolute path of a folder; made when something is written
 * @returns the store; methods throw `store-unavailable` (retried), `store-refused`, or `input-invalid` for an unsafe key
 */
export function createFolderStore({ root }: { readonly root: string }): FolderStore {
  const attempt = async <T>(doing: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw folderFailure(error, doing, root);
    }
  };

  const openFile = async (key: string) => {
    const path = objectPath(root, key);
    await requireInside(root, path);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw Object.assign(new Error('No file.'), { code: 'EISDIR' });
  };

  const list: FolderStore['list'] = (prefix) => attempt(`listing "${prefix}"`, () => listFiles(root, prefix));

  const put = (key: string, body: Readable) =>
    attempt(`writing "${key}"`, () => writeWholeFile(root, objectPath(root, key), body));

  return {
    bucket: root,
    put,

    async putText(key, text) {
      await put(key, Readable.from([Buffer.from(text, 'utf8')]));
    },

    async get(key) {
      const doing = `reading "${key}"`;
      const file = await attempt(doing, () => openFile(key));
      const body = file.createReadStream({ highWaterMark: pieceBytes });
      async function* bytes() {
        try {
          yield* body;
        } catch (error) {
          throw folderFailure(error, doing, root);
        }
      }
      const stream = Readable.from(bytes(), { objectMode: false });
      // A stream that is given up before its first byte never enters the generator.
      stream.once('close', () => body.destroy());
      return stream;
    },

    getText: (key) =>
      attempt(`reading "${key}"`, async () => {
        try {
          const file = await openFile(key);
          try {
            return await file.readFile('utf8');
          } finally {
            await file.close();
          }
        } catch (error) {
          if (systemCode(error) === 'ENOENT') return undefined;
          throw error;
        }
      }),

    list,

    async listBucket(bucket, limit) {
      if (bucket === root) return (await list('')).slice(0, limit).map(({ key }) => key);
      throw new DrError('store-refused', {
        happened: `The folder ${root} has no bucket ${JSON.stringify(bucket)}.`,
        meaning: 'A folder store knows its own folder only.',
        next: 'Ask for its own folder, or configure a store for the other one.',
      });
    },

    remove: (key) =>
      attempt(`removing "${key}"`, async () => {
        const path = objectPath(root, key);
        try {
          await requireInside(root, path);
          await unlink(path);
        } catch (error) {
          if (systemCode(error) !== 'ENOENT') throw error;
        }
      }),

    // Whose object a file would have become is not recorded in its name, so the prefix cannot narrow this down.
    removeUnfinished: (_prefix, before) =>
      attempt('removing unfinished files', async () => {
        const folder = join(root, unfinishedFolder);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        let removed = 0;
        for (const name of await readdir(folder)) {
          const path = join(folder, name);
          try {
            if ((await stat(path)).mtime >= before) continue;
            await unlink(path);
            removed += 1;
          } catch (error) {
            // Whoever wrote it has just ended it.
            if (systemCode(error) !== 'ENOENT') throw error;
          }
        }
        return removed;
      }),

    lock: async () => null,

    holdOn: async () => null,

    freeBytes: () =>
      attempt('reading the free space', async () => {
        await mkdir(root, { recursive: true, mode: 0o700 });
        const { bavail, bsize } = await statfs(root);
        return bavail * bsize;
      }),
  };
}
