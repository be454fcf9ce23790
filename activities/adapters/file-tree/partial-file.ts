import { createHash } from 'node:crypto';
import { appendFile, type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { compositeDigest, createChecksum } from '../../uploads/digest.ts';
import type { Digest, PartialFile } from '../../uploads/ports.ts';
import { isDiskFull, treeFailure } from './failure.ts';
import { checksum, fileDigest } from './file-digest.ts';

const chunkLine = z.object({ chunk: z.int().min(0), crc32: z.string(), md5: z.string().optional() });
type ChunkSums = z.infer<typeof chunkLine>;

/** What a partial file becomes. */
export interface PartialContent {
  readonly bytes: number;
  readonly chunkBytes: number;
  /** Whether MD5 of each chunk is wanted beside CRC32; costs four times as much. */
  readonly md5: boolean;
}

/**
 * Opens a file that is filled chunk by chunk. Beside it lies a list of the finished chunks with their checksums, so that
 * a killed run is gone on with: chunks are read back first, since a crash may have lost what was said to be written.
 *
 * @param path of the partial file, the same for the same content
 * @param commit gives the file its name
 */
export async function openPartialFile(
  path: string,
  content: PartialContent,
  commit: PartialFile['commit'],
): Promise<PartialFile> {
  const listPath = `${path}.chunks`;
  const sums = new Map<number, ChunkSums>();
  const file = await openOrCreate(path);
  const sizeOf = (chunk: number) => Math.min(content.chunkBytes, content.bytes - chunk * content.chunkBytes);
  const chunks = Math.max(1, Math.ceil(content.bytes / content.chunkBytes));

  for (const stored of await readChunkLines(listPath)) {
    if (stored.chunk >= chunks || (content.md5 && stored.md5 === undefined)) continue;
    const found = await checksum(file, 'crc32', {
      from: stored.chunk * content.chunkBytes,
      bytes: sizeOf(stored.chunk),
    });
    if (found.hex === stored.crc32 && found.bytes === sizeOf(stored.chunk)) sums.set(stored.chunk, stored);
  }

  const remove = async () => {
    await rm(path, { force: true });
    await rm(listPath, { force: true });
  };

  let lastWrite: Promise<void> = Promise.resolve();
  // The system lets one write into a file at a time; several at once only burn the processor (measured: 2 s instead of 1).
  const inTurn = (write: () => Promise<void>): Promise<void> => {
    const writing = lastWrite.then(write);
    lastWrite = writing.catch(() => undefined);
    return writing;
  };

  const onDisk = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      // Kept on a full disk it would stand in the way of everything else.
      if (isDiskFull(error)) await remove();
      throw treeFailure(error, 'writing a partial file');
    }
  };

  return {
    missing: Array.from({ length: chunks }, (_, chunk) => chunk).filter((chunk) => !sums.has(chunk)),
    async write(chunk, bytes) {
      const written = await writeChunk(bytes, content.md5, (piece, at) =>
        inTurn(() => onDisk(() => writeAll(file, piece, chunk * content.chunkBytes + at))),
      );
      if (written.bytes !== sizeOf(chunk)) throw new Error('The range ended early.');
      const line: ChunkSums = { chunk, ...written.sums };
      sums.set(chunk, line);
      await onDisk(() => appendFile(listPath, `${JSON.stringify(line)}\n`));
      return written.bytes;
    },
    async digest(scheme, signal): Promise<Digest> {
      const ordered = Array.from({ length: chunks }, (_, chunk) => sums.get(chunk)?.[scheme.algorithm]);
      const complete = ordered.filter((sum) => sum !== undefined);
      if (scheme.partBytes === content.chunkBytes && complete.length === chunks) {
        return compositeDigest(scheme.algorithm, scheme.partBytes, complete);
      }
      return fileDigest(path, scheme, signal);
    },
    async commit(modifiedMs, keepIn) {
      await file.utimes(new Date(), modifiedMs / 1000);
      await file.close();
      const committed = await commit(modifiedMs, keepIn);
      await rm(listPath, { force: true });
      return committed;
    },
    close: () => closeQuietly(file),
    async discard() {
      await closeQuietly(file);
      await remove();
    },
  };
}

/** Name of the partial file of one content of one key. */
export function partialName(key: string, stamp: string, chunkBytes: number): string {
  return createHash('sha256').update(`${key}\0${stamp}\0${chunkBytes}`).digest('hex').slice(0, 40);
}

/** Writes pieces as they come, each before the next is asked for, with the checksums of all. */
async function writeChunk(
  pieces: AsyncIterable<Uint8Array>,
  withMd5: boolean,
  write: (piece: Uint8Array, at: number) => Promise<void>,
) {
  const crc32 = createChecksum('crc32');
  const md5 = withMd5 ? createChecksum('md5') : undefined;
  let written = 0;
  for await (const piece of pieces) {
    const writing = write(piece, written);
    crc32.update(piece);
    md5?.update(piece);
    await writing;
    written += piece.length;
  }
  const sums = md5 === undefined ? { crc32: crc32.hex() } : { crc32: crc32.hex(), md5: md5.hex() };
  return { bytes: written, sums };
}

/** A disk that is nearly full takes a part of what it is given, and says so by the count only. */
async function writeAll(file: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    done += (await file.write(piece, done, piece.length - done, at + done)).bytesWritten;
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch {
    return open(path, 'wx+', 0o644);
  }
}

/** Finished chunks; a last line that was cut off by a crash is left out. */
async function readChunkLines(path: string): Promise<readonly ChunkSums[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [chunkLine.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

async function closeQuietly(file: FileHandle): Promise<void> {
  await file.close().catch(() => undefined);
}
