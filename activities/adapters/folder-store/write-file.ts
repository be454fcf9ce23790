import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { requireInside, unfinishedFolder } from './object-path.ts';

/**
 * Writes a file so that it is there whole or not at all, whatever happens meanwhile, a loss of power included: written
 * and synced under another name in the same file system, then renamed, then the folder synced.
 *
 * @returns its size in bytes
 * @throws what the file system or the body throws; nothing is left then
 */
export async function writeWholeFile(root: string, path: string, body: Readable): Promise<{ bytes: number }> {
  const waiting = join(root, unfinishedFolder, randomUUID());
  try {
    await mkdir(dirname(waiting), { recursive: true, mode: 0o700 });
    const file = await open(waiting, 'wx', 0o600);
    let bytes = 0;
    try {
      for await (const chunk of body) {
        const block = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        for (let done = 0; done < block.length; ) {
          done += (await file.write(block, done)).bytesWritten;
        }
        bytes += block.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await requireInside(root, path, { create: true });
    await rename(waiting, path);
    await syncFolder(dirname(path));
    return { bytes };
  } catch (error) {
    await rm(waiting, { force: true });
    throw error;
  } finally {
    body.destroy();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
