import { createHash } from 'node:crypto';
import { read as readFile } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { openUnnamedFile, type UnnamedFile } from '../unnamed-file.ts';
import {
  checksumLineBytes,
  exportDamaged,
  readChecksumLine,
  readHeaderLine,
  readRowCountsLine,
} from './export-parser.ts';
import type { ExportHeader, ExportRowCount } from './format.ts';

const readBytes = 512 * 1024;
/** One that is read from, one that waits, one that is filled: new memory for each was measured at a tenth of the time. */
const buffersInTurn = 3;
const tailBytes = 64 * 1024;
/** `npm run` puts an empty line, two lines that begin with `> `, and an empty line in front. */
const bannerLine = /^(?:> .*)?\r?\n/;
const bannerLinesAtMost = 8;
const bannerBytesAtMost = 8 * 1024;

/** An export in a file, whose checksum was found right. */
export interface SealedExport {
  readonly header: ExportHeader;
  readonly rowCounts: readonly ExportRowCount[];
  /** Size of the document, in bytes. */
  readonly bytes: number;
  /** Reads it from its beginning, what stood in front of it left out. A chunk is valid until the next is asked for. */
  read(): Readable;
}

/**
 * Checks an export's checksum, header and list of tables before anything is done with it. The rows themselves are held
 * to the format when they are read; that they are what was written, the checksum says.
 *
 * @param descriptor an open regular file, read by position; stays open
 * @throws DrError `verification-failed` when it is truncated, altered or no export
 */
export async function sealedExport(descriptor: number, size: number): Promise<SealedExport> {
  const read: ReadRange = (start, end) => readRange(descriptor, start, end);
  const start = await documentStart(read, size);
  const sealAt = size - checksumLineBytes;
  if (sealAt <= start) throw exportDamaged('is too short for an export: it is truncated');
  const sha256 = readChecksumLine((await bytesOf(read(sealAt, size))).toString('utf8').replace(/\n$/, ''));
  const hash = createHash('sha256');
  for await (const chunk of read(start, sealAt)) hash.update(chunk);
  if (hash.digest('hex') !== sha256) throw exportDamaged('does not match its checksum: it was altered');
  return {
    header: readHeaderLine(await firstLine(read(start, sealAt))),
    rowCounts: readRowCountsLine(await lastLine(read, start, sealAt)),
    bytes: size - start,
    read: () => Readable.from(read(start, size), { highWaterMark: 1 }),
  };
}

/**
 * Keeps a stream in a file without a name, which is gone when it is closed or the process ends.
 *
 * @param folder where the disk has room; the system's folder for temporary files by default
 */
export async function spool(stream: Readable, folder?: string): Promise<UnnamedFile> {
  const file = openUnnamedFile(folder);
  try {
    for await (const chunk of stream) await file.append(chunk);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

type ReadRange = (start: number, end: number) => AsyncIterable<Buffer>;

const readAt = promisify(readFile);

/** Reads by position, and unlike a stream of `fs` never closes what it did not open. */
async function* readRange(
  descriptor: number,
  start: number,
  end: number,
): AsyncGenerator<Buffer, void, undefined> {
  const bufferBytes = Math.min(readBytes, end - start);
  const buffers = Array.from({ length: buffersInTurn }, () => Buffer.allocUnsafeSlow(bufferBytes));
  for (let at = start, turn = 0; at < end; turn += 1) {
    const buffer = buffers[turn % buffersInTurn] ?? Buffer.alloc(bufferBytes);
    const { bytesRead } = await readAt(descriptor, buffer, 0, Math.min(bufferBytes, end - at), at);
    if (bytesRead === 0) throw exportDamaged('became shorter while it was read');
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function documentStart(read: ReadRange, size: number): Promise<number> {
  if (size === 0) throw exportDamaged('is empty');
  const head = (await bytesOf(read(0, Math.min(size, bannerBytesAtMost)))).toString('latin1');
  let start = 0;
  for (let line = 0; line < bannerLinesAtMost && head[start] !== '{'; line += 1) {
    start += bannerLine.exec(head.slice(start))?.[0].length ?? 0;
  }
  if (head[start] !== '{') throw exportDamaged('does not begin like an export');
  return start;
}

async function firstLine(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    const end = bytes.indexOf('\n');
    parts.push(end === -1 ? bytes : bytes.subarray(0, end));
    if (end !== -1) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The last line before `end`, which lies behind its line end. */
async function lastLine(read: ReadRange, start: number, end: number): Promise<string> {
  for (let length = tailBytes; ; length *= 4) {
    const from = Math.max(start, end - length);
    const tail = await bytesOf(read(from, end - 1));
    const before = tail.lastIndexOf('\n');
    if (before !== -1 || from === start) return tail.subarray(before + 1).toString('utf8');
  }
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
