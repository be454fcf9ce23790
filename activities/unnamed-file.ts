import { randomUUID } from 'node:crypto';
import { close, createReadStream, fstat, openSync, type ReadStream, unlinkSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file for its owner alone that has no name: it is gone when it is closed or this process ends, however that ends. */
export interface UnnamedFile {
  readonly fd: number;
  /** In bytes. */
  size(): Promise<number>;
  append(bytes: Uint8Array): Promise<void>;
  /** Reads from a position to the end, and closes the file then. */
  readToEnd(start: number, highWaterMark: number): ReadStream;
  close(): Promise<void>;
}

const writeAt = promisify(write);
const statOf = promisify(fstat);
const closeFile = promisify(close);

/**
 * Opens a new file and removes its name in one go: a process that is killed in between would leave it behind.
 *
 * @param folder where the disk has room; the system's folder for temporary files by default
 */
export function openUnnamedFile(folder = tmpdir()): UnnamedFile {
  const path = join(folder, `vendhub-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return {
    fd,
    size: async () => (await statOf(fd)).size,
    append: async (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        at += (await writeAt(fd, bytes, at, bytes.length - at, null)).bytesWritten;
      }
    },
    readToEnd: (start, highWaterMark) => createReadStream('', { fd, start, highWaterMark }),
    close: () => closeFile(fd),
  };
}
