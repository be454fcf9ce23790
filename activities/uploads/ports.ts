import type { DigestScheme } from './digest.ts';

/** One object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** Changes whenever the content does: an ETag without quotes, or size and times of a file. */
  readonly stamp: string;
  /** Last modification, in ms since 1970 UTC. */
  readonly modifiedMs: number;
}

/** What is kept with an object beside its bytes: standard headers and user metadata, by lower-case header name. */
export type ObjectAttributes = Readonly<Record<string, string>>;

/**
 * A checksum with its scheme before the colon: `md5:<hex>` of the whole; `md5-<part bytes>:<hex>-<parts>` and
 * `crc32-<part bytes>:<hex>-<parts>` as S3 composes them of the checksums of the parts.
 */
export type Digest = string;

/** One object as the server describes it. */
export interface ObjectDescription {
  readonly attributes: ObjectAttributes;
  /** Bytes of each part but the last; undefined for an object that was stored in one piece or cannot tell. */
  readonly partBytes: number | undefined;
  /**
   * Checksums that a reader can compute, of which the content has one: the strongest one that the server vouches for;
   * several where it does not tell the size of the parts, which must be tried; none where it vouches for nothing.
   */
  readonly digests: readonly Digest[];
}

/** One part of an object that is being stored. */
export interface StoredPart {
  /** From 1. */
  readonly number: number;
  readonly etag: string;
  /** CRC32 of the part, eight lower-case hex digits. */
  readonly crc32: string;
}

/**
 * A bucket as a synchronisation needs it. Requests are retried inside; what still fails throws `store-unavailable`
 * (retried) or `store-refused` (not). An object that is gone or has another stamp by now reads as undefined.
 */
export interface Bucket {
  /** Endpoint and bucket, without credentials: names this place in the ledger and in reports. */
  readonly place: string;
  /** In the order of the server, which need not be that of the keys. */
  list(signal: AbortSignal): AsyncIterable<ListedObject>;
  describe(object: ListedObject, signal: AbortSignal): Promise<ObjectDescription | undefined>;
  readWhole(
    object: ListedObject,
    signal: AbortSignal,
  ): Promise<
    { readonly body: Buffer; readonly attributes: ObjectAttributes; readonly opaqueEtag: boolean } | undefined
  >;
  /**
   * Hands the bytes of a range over while they arrive; each piece is overwritten once the next is asked for. `take` runs
   * again from the start when the connection breaks.
   */
  readRange<T>(
    object: ListedObject,
    range: { readonly from: number; readonly bytes: number },
    take: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly taken: T } | undefined>;
  /** Stores a whole object; the server checks its MD5. Resolves with the stamp. */
  writeWhole(
    key: string,
    body: Buffer,
    attributes: ObjectAttributes,
    signal: AbortSignal,
  ): Promise<{ readonly stamp: string; readonly md5: string }>;
  beginParts(key: string, attributes: ObjectAttributes, signal: AbortSignal): Promise<string>;
  /** Stores one part; its checksum is checked by the server, or against the answer where the server does not. */
  writePart(
    upload: { readonly key: string; readonly id: string },
    number: number,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<StoredPart>;
  /** Makes the object of its parts; undefined when the server no longer knows the upload. */
  finishParts(
    upload: { readonly key: string; readonly id: string },
    parts: readonly StoredPart[],
    signal: AbortSignal,
  ): Promise<{ readonly stamp: string } | undefined>;
  /** Forgets the parts. Succeeds when there are none. */
  abandonParts(upload: { readonly key: string; readonly id: string }): Promise<void>;
  /** Whether the server can copy from there by itself: same endpoint, same credentials. */
  reaches(other: Bucket): boolean;
  /** Copies on the server with all attributes; undefined when the source changed. Resolves with the new stamp. */
  copyFrom(
    source: Bucket,
    object: ListedObject,
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly stamp: string } | undefined>;
  remove(key: string, signal: AbortSignal): Promise<void>;
}

/** A large file while it is being written, under a name that no object has. */
export interface PartialFile {
  /** Chunks that are not there yet, from 0; those of an earlier try were read back and found whole. */
  readonly missing: readonly number[];
  /** Writes one chunk in place, each piece before it asks for the next, and remembers its checksums. */
  write(chunk: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Checksum of the file once no chunk is missing. */
  digest(scheme: DigestScheme, signal: AbortSignal): Promise<Digest>;
  /** Gives the file its name and time; `keepIn` keeps the file that had the name. Resolves with its stamp. */
  commit(modifiedMs: number, keepIn: string | undefined): Promise<{ readonly stamp: string }>;
  /** Closes the file and leaves it to be gone on with. */
  close(): Promise<void>;
  /** Closes the file and removes it. */
  discard(): Promise<void>;
}

/** A local folder whose files are objects. Nothing is ever written outside of it. Throws `store-refused` or `disk-full`. */
export interface FileTree {
  readonly place: string;
  /** False where `A` and `a` are one file. */
  readonly caseSensitive: boolean;
  /** Longest key that still makes a path, in bytes. */
  readonly longestKeyBytes: number;
  /** Files only, without what was kept and what is partial; `notFile` is told of links and devices. */
  list(signal: AbortSignal, notFile: (key: string) => void): AsyncIterable<ListedObject>;
  /** Reads from there on until the buffer is full or the file ends; resolves with what was read of it. */
  readInto(key: string, from: number, buffer: Buffer): Promise<Buffer>;
  digest(key: string, scheme: DigestScheme, signal: AbortSignal): Promise<Digest>;
  /** Writes a file under a temporary name and renames it; `keepIn` keeps the file that had the name. */
  writeWhole(
    key: string,
    body: Buffer,
    modifiedMs: number,
    keepIn: string | undefined,
  ): Promise<{ readonly stamp: string }>;
  openPartial(
    key: string,
    content: {
      readonly stamp: string;
      readonly bytes: number;
      readonly chunkBytes: number;
      /** Whether MD5 of each chunk is wanted beside its CRC32. */
      readonly md5: boolean;
    },
  ): Promise<PartialFile>;
  /** Stamp of a file as it is now; undefined when it is gone. */
  stampNow(key: string): Promise<string | undefined>;
  /** Sets the time of a file. Resolves with its stamp. */
  touch(key: string, modifiedMs: number): Promise<{ readonly stamp: string }>;
  /** Moves a file to `.deleted/<run>/`. */
  retire(key: string, run: string): Promise<void>;
  /** Removes what was kept in runs before this one. Resolves with the number of files. */
  purge(beforeRun: string): Promise<number>;
  /** Removes partial files that nobody goes on with. */
  clearPartials(): Promise<void>;
}

/** What is known of an object that both sides held alike at the end of a synchronisation. */
export interface LedgerEntry {
  readonly key: string;
  readonly bytes: number;
  /** Stamp on the side that the ledger belongs to. */
  readonly held: string;
  /** Stamp on the other side, and which that was. */
  readonly peer: { readonly place: string; readonly stamp: string };
  /** Last modification at the source, in ms since 1970 UTC. */
  readonly modifiedMs: number;
  readonly digest: Digest;
  readonly attributes: ObjectAttributes;
}

/** Parts of an upload that a killed run may have left behind. */
export interface PendingUpload {
  readonly id: string;
  readonly parts: readonly StoredPart[];
}

/** What a pair of places remembers between runs; lies beside the objects, never among them. */
export interface SyncState {
  /** Every entry that still holds, in the order of writing; the last one of a key counts. */
  entries(): AsyncIterable<LedgerEntry>;
  record(entry: LedgerEntry): void;
  forget(key: string): void;
  /** Writes what was recorded so far; smaller where much of it is outdated. */
  save(): Promise<void>;
  /** The upload of exactly this content that was begun before. */
  pendingUpload(bucket: string, key: string, content: string): Promise<PendingUpload | undefined>;
  rememberUpload(bucket: string, key: string, content: string, id: string): Promise<void>;
  rememberPart(bucket: string, key: string, part: StoredPart): Promise<void>;
  forgetUpload(bucket: string, key: string): Promise<void>;
  /** Uploads to this bucket that were begun and not asked for since the state was opened. */
  abandonedUploads(bucket: string): Promise<readonly { readonly key: string; readonly id: string }[]>;
  /** Sorts a stream of any length in flat memory; can be read any number of times until `dispose`. */
  sorted<T>(
    items: AsyncIterable<T>,
    order: (item: T) => string,
    parse: (stored: unknown) => T,
  ): Promise<SortedItems<T>>;
  close(): Promise<void>;
}

/** A sorted stream that can be read again. */
export interface SortedItems<T> {
  readonly count: number;
  read(): AsyncIterable<T>;
  dispose(): Promise<void>;
}
