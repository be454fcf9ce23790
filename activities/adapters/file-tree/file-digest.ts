import { type FileHandle, open } from 'node:fs/promises';
import { compositeDigest, createChecksum, type DigestScheme } from '../../uploads/digest.ts';
import type { Digest } from '../../uploads/ports.ts';

const readBytes = 1024 * 1024;

/** Checksum of a file. Rejects with the reason of the signal when that is given. */
export async function fileDigest(path: string, scheme: DigestScheme, signal: AbortSignal): Promise<Digest> {
  const { algorithm, partBytes } = scheme;
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (partBytes === undefined) {
      return `${algorithm}:${(await checksum(file, algorithm, { from: 0, bytes: size }, signal)).hex}`;
    }
    const parts: string[] = [];
    for (let from = 0; from < size || parts.length === 0; from += partBytes) {
      parts.push((await checksum(file, algorithm, { from, bytes: partBytes }, signal)).hex);
    }
    return compositeDigest(algorithm, partBytes, parts);
  } finally {
    await file.close();
  }
}

/** Checksum of a range of an open file, and how much of it there was. */
export async function checksum(
  file: FileHandle,
  algorithm: DigestScheme['algorithm'],
  range: { readonly from: number; readonly bytes: number },
  signal?: AbortSignal,
): Promise<{ readonly hex: string; readonly bytes: number }> {
  const sum = createChecksum(algorithm);
  const buffer = Buffer.allocUnsafe(Math.min(readBytes, Math.max(range.bytes, 1)));
  let done = 0;
  while (done < range.bytes) {
    signal?.throwIfAborted();
    const wanted = Math.min(buffer.length, range.bytes - done);
    const { bytesRead } = await file.read(buffer, 0, wanted, range.from + done);
    if (bytesRead === 0) break;
    sum.update(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
  return { hex: sum.hex(), bytes: done };
}
