import type { RowSink } from '../ports.ts';
import type { BlockPool } from './block-pool.ts';
import { findControlCharacter } from './control-characters.ts';
import { byte } from './copy-bytes.ts';

/**
 * How a copy must be asked for: then all but control characters, and what stands around a row, is JSON already. The
 * server does in C what was measured at half of an export's time here.
 */
export const jsonLikeCsv = `(FORMAT csv, FORCE_QUOTE *, QUOTE '"', ESCAPE '\\', NULL 'null')`;

/** As long as what the connection puts between two rows, so that it can be written over it. */
const betweenRows = Buffer.from(',\n  [');
const beforeFirstRow = betweenRows.subarray(2);

/** So many bytes from a control character on are looked at one by one: where one is, others are near. */
const bytesAtOnce = 32;
const longestEscape = 6;

const escapes = Array.from({ length: 0x20 }, (_, code) =>
  JSON.stringify(String.fromCharCode(code)).slice(1, -1),
);

const nowhere = -betweenRows.length - 1;

/**
 * Turns rows that were copied as {@link jsonLikeCsv} into JSON arrays of texts, one a line, separated by a comma and a
 * line end. It looks at four bytes at a time and moves many rows at once, and holds no row, so a value may be of any
 * size. (Escaping COPY text byte by byte was measured at three times the time, JavaScript strings at twelve times.)
 */
export class RowEncoder implements RowSink {
  readonly #pool: BlockPool;
  readonly #write: (block: Buffer) => Promise<void> | undefined;
  readonly #failure: (what: string) => Error;
  readonly #waits: Promise<void>[] = [];
  #block: Buffer;
  #written = 0;
  #rows = 0;
  #inRow = false;
  #chunk: Buffer = Buffer.alloc(0);
  /** What of the chunk is JSON by now and not yet in the block. */
  #from = nowhere;
  #to = nowhere;

  /**
   * @param pool where the blocks come from: small pieces cost more to pass on than to fill
   * @param write takes a block that is full; resolves when more may come, undefined is at once
   * @param failure makes the error for what is no row
   */
  constructor(
    pool: BlockPool,
    write: (block: Buffer) => Promise<void> | undefined,
    failure: (what: string) => Error,
  ) {
    this.#pool = pool;
    this.#write = write;
    this.#failure = failure;
    this.#block = pool.take();
  }

  /** How many rows were encoded to their end. */
  get rows(): number {
    return this.#rows;
  }

  row(chunk: Buffer, from: number, to: number, ends: boolean): void {
    const end = ends ? to - 1 : to;
    if (ends && chunk[end] !== byte.lineEnd) throw this.#failure('has a row that is no row');
    if (this.#inRow || this.#rows === 0 || from !== this.#to + betweenRows.length) {
      this.#moveToBlock();
      this.#chunk = chunk;
      if (!this.#inRow) this.#append(this.#rows === 0 ? beforeFirstRow : betweenRows);
      this.#from = from;
    } else {
      const before = this.#to;
      chunk[before] = byte.comma;
      chunk[before + 1] = byte.lineEnd;
      chunk[before + 2] = byte.space;
      chunk[before + 3] = byte.space;
      chunk[before + 4] = byte.openBracket;
    }
    for (let at = from; at < end; ) {
      const found = findControlCharacter(chunk, at, end);
      if (found === end) break;
      this.#to = found;
      this.#moveToBlock();
      at = Math.min(end, found + bytesAtOnce);
      this.#escape(chunk, found, at);
      this.#from = at;
    }
    this.#to = to;
    this.#inRow = !ends;
    if (!ends) return;
    chunk[end] = byte.closeBracket;
    this.#rows += 1;
  }

  chunkRead(): Promise<void> | undefined {
    this.#moveToBlock();
    if (this.#waits.length === 0) return undefined;
    return Promise.all(this.#waits.splice(0)).then(() => undefined);
  }

  /** Ends the rows and gives what is left of them. Throws the given failure when a row was cut. */
  end(): Buffer {
    if (this.#inRow) throw this.#failure('ends in the middle of a row');
    return this.#block.subarray(0, this.#written);
  }

  #moveToBlock(): void {
    if (this.#to > this.#from) this.#append(this.#chunk.subarray(this.#from, this.#to));
    this.#from = nowhere;
    this.#to = nowhere;
  }

  #append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const moved = bytes.copy(this.#block, this.#written, at);
      this.#written += moved;
      at += moved;
      if (at < bytes.length) this.#writeBlock();
    }
  }

  #writeBlock(): void {
    const wait = this.#write(this.#block.subarray(0, this.#written));
    if (wait !== undefined) this.#waits.push(wait);
    this.#block = this.#pool.take();
    this.#written = 0;
  }

  #escape(chunk: Buffer, from: number, to: number): void {
    if (this.#block.length - this.#written < bytesAtOnce * longestEscape) this.#writeBlock();
    const out = this.#block;
    let written = this.#written;
    for (let at = from; at < to; at += 1) {
      const code = chunk[at] ?? 0;
      if (code >= byte.space) out[written++] = code;
      else written += writeEscape(code, out, written);
    }
    this.#written = written;
  }
}

/** Writes what stands for a control character in JSON; gives how many bytes that takes. */
function writeEscape(code: number, out: Buffer, at: number): number {
  const text = escapes[code] ?? '';
  for (let index = 0; index < text.length; index += 1) out[at + index] = text.charCodeAt(index);
  return text.length;
}
