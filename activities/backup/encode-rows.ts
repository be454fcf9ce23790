import type { BlockPool } from './block-pool.ts';
import { byte, escapedInJson } from './copy-bytes.ts';

/** So many bytes are encoded without looking whether the block is full; one byte becomes at most six. */
const pieceBytes = 16 * 1024;
const longestEscape = 6;
const roomForPiece = (pieceBytes + 2) * longestEscape;

// Constants of the module and not of an object: the compiler folds them, and the loop below takes half the time.
const rowStart = 0;
const fieldStart = 1;
const value = 2;
const escaped = 3;
const fieldStartEscape = 4;
const afterNull = 5;
const { tab, lineEnd, quote, comma, backslash, openBracket, closeBracket, upperN, n, u, l, v } = byte;

const verticalTab = Buffer.from('\\u000b');

/**
 * Turns rows of PostgreSQL's COPY text format into JSON arrays of texts, one a line, separated by a comma and a line
 * end. It works byte by byte, because most of both formats is the same (`\n`, `\t`, `\\` are written alike), and holds
 * no row, so a value may be of any size. Making a JavaScript string of each value was measured at four times the time.
 */
export class RowEncoder {
  readonly #columns: number;
  readonly #failure: (what: string) => Error;
  readonly #pool: BlockPool;
  #block: Buffer;
  #written = 0;
  #state = rowStart;
  #fields = 0;
  #rows = 0;

  /**
   * @param columns how many values each row has
   * @param pool where the blocks come from: small pieces cost more to pass on than to fill
   * @param failure makes the error for rows that have another number of them
   */
  constructor(columns: number, pool: BlockPool, failure: (what: string) => Error) {
    this.#columns = columns;
    this.#pool = pool;
    this.#block = pool.take();
    this.#failure = failure;
  }

  /** How many rows were encoded to their end. */
  get rows(): number {
    return this.#rows;
  }

  /** Encodes the next bytes, wherever they are cut; gives blocks that are full. Throws the given failure. */
  *encode(copied: Buffer): Generator<Buffer, void, undefined> {
    for (let at = 0; at < copied.length; at += pieceBytes) {
      if (this.#block.length - this.#written < roomForPiece) yield this.#takeBlock();
      this.#encodePiece(copied.subarray(at, at + pieceBytes));
    }
  }

  /** Ends the rows and gives what is left of them. Throws the given failure when a row was cut. */
  end(): Buffer {
    if (this.#state !== rowStart) throw this.#failure('ends in the middle of a row');
    return this.#block.subarray(0, this.#written);
  }

  #takeBlock(): Buffer {
    const full = this.#block.subarray(0, this.#written);
    this.#block = this.#pool.take();
    this.#written = 0;
    return full;
  }

  #encodePiece(copied: Buffer): void {
    const out = this.#block;
    const special = escapedInJson;
    const { length } = copied;
    const columns = this.#columns;
    let state = this.#state;
    let fields = this.#fields;
    let rows = this.#rows;
    let written = this.#written;
    let at = 0;
    while (at < length) {
      let code = copied[at++] ?? 0;
      if (state === value) {
        while (special[code] === 0 && at < length) {
          out[written++] = code;
          code = copied[at++] ?? 0;
        }
        if (special[code] === 0) {
          out[written++] = code;
          break;
        }
      } else if (state === rowStart || state === fieldStart) {
        if (state === rowStart) {
          if (rows > 0) {
            out[written++] = comma;
            out[written++] = lineEnd;
          }
          out[written++] = openBracket;
          fields = columns === 0 ? 0 : 1;
        }
        if (code === backslash) {
          state = fieldStartEscape;
          continue;
        }
        if (columns === 0) state = afterNull;
        else {
          out[written++] = quote;
          state = value;
          if (special[code] === 0) {
            out[written++] = code;
            continue;
          }
        }
      } else if (state !== afterNull) {
        if (state === fieldStartEscape) {
          if (code === upperN) {
            out[written++] = n;
            out[written++] = u;
            out[written++] = l;
            out[written++] = l;
            state = afterNull;
            continue;
          }
          out[written++] = quote;
        }
        state = value;
        if (code === v) written += verticalTab.copy(out, written);
        else {
          out[written++] = backslash;
          out[written++] = code;
        }
        continue;
      }
      if (code === tab) {
        if (state === value) out[written++] = quote;
        out[written++] = comma;
        state = fieldStart;
        fields += 1;
      } else if (code === lineEnd) {
        if (state === value) out[written++] = quote;
        out[written++] = closeBracket;
        state = rowStart;
        rows += 1;
        if (fields !== columns) {
          throw this.#failure(`has a row of ${fields} values for ${columns} columns`);
        }
      } else if (state === afterNull) {
        throw this.#failure('has a row that is no row');
      } else if (code === backslash) {
        state = escaped;
      } else if (code === quote) {
        out[written++] = backslash;
        out[written++] = quote;
      } else {
        written += out.write(`\\u${code.toString(16).padStart(4, '0')}`, written, 'latin1');
      }
    }
    this.#state = state;
    this.#fields = fields;
    this.#rows = rows;
    this.#written = written;
  }
}
