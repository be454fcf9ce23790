import { byte, escapedInJson, holdsEscapedInJson } from './copy-bytes.ts';

const pieceBytes = 64 * 1024;
/** A value that ends in a piece may owe bytes of an escape that began in the one before. */
const spareBytes = 16;

const state = {
  firstRow: 0,
  nextRow: 1,
  firstValue: 2,
  nextValue: 3,
  text: 4,
  escape: 5,
  unicode: 6,
  nothing: 7,
  afterValue: 8,
  afterRow: 9,
  afterComma: 10,
  indented: 11,
  end: 12,
} as const;
type State = (typeof state)[keyof typeof state];

const nullLiteral = Buffer.from('null');
const wordBytes = 4;
const hexDigits = 4;
const indentBytes = 2;

/** Escapes that JSON and COPY text write alike. */
const sharedEscapes = new Set<number>([byte.b, byte.f, byte.n, byte.r, byte.t, byte.backslash]);
/** Characters that COPY text must escape, by the letter that it does so with. */
const copyEscapes = new Map<number, number>([
  [byte.backspace, byte.b],
  [byte.tab, byte.t],
  [byte.lineEnd, byte.n],
  [byte.formFeed, byte.f],
  [byte.carriageReturn, byte.r],
  [byte.backslash, byte.backslash],
]);

/** What was read of a table's rows. */
export interface DecodedRows {
  /** COPY text of the rows and parts of rows that the piece held; valid until the next call. */
  readonly copyText: Buffer;
  /** How many bytes were read. */
  readonly read: number;
  /** Whether the next byte belongs to the line that closes the table. */
  readonly ended: boolean;
}

/**
 * Turns the rows of one exported table back into PostgreSQL's COPY text format, byte by byte and without holding a row.
 * It takes nothing but what the format writes: arrays of texts and nulls, one a line and indented, each with one value per
 * column.
 */
export class RowDecoder {
  readonly #keep: readonly boolean[];
  readonly #failure: (what: string) => Error;
  readonly #out = Buffer.allocUnsafe(pieceBytes + spareBytes);
  readonly #outWords = new DataView(this.#out.buffer, this.#out.byteOffset, this.#out.length);
  #state: State = state.firstRow;
  #column = 0;
  #keptBefore = 0;
  #rows = 0;
  #matched = 0;
  #unicode = '';
  #highSurrogate: number | undefined;

  /**
   * @param keep one per column: whether its values are wanted
   * @param failure makes the error for anything else than rows
   */
  constructor(keep: readonly boolean[], failure: (what: string) => Error) {
    this.#keep = keep;
    this.#failure = failure;
  }

  /** How many rows were read to their end. */
  get rows(): number {
    return this.#rows;
  }

  /** Reads on, at most {@link pieceBytes} bytes. Throws the given failure. */
  decode(bytes: Uint8Array): DecodedRows {
    const source = bytes.length > pieceBytes ? bytes.subarray(0, pieceBytes) : bytes;
    const { length } = source;
    const out = this.#out;
    const words = new DataView(source.buffer, source.byteOffset, length);
    const outWords = this.#outWords;
    const special = escapedInJson;
    let current = this.#state;
    let step = this.#keep[this.#column] === true ? 1 : 0;
    let written = 0;
    let at = 0;
    while (at < length && current !== state.end) {
      let code = source[at++] ?? 0;
      switch (current) {
        case state.text:
          if (this.#highSurrogate !== undefined && code !== byte.backslash) throw this.#notARow();
          for (;;) {
            while (at + wordBytes <= length) {
              const four = words.getInt32(at - 1, true);
              if (holdsEscapedInJson(four)) break;
              outWords.setInt32(written, four, true);
              written += wordBytes * step;
              at += wordBytes;
              code = source[at - 1] ?? 0;
            }
            while (special[code] === 0) {
              out[written] = code;
              written += step;
              if (at === length) break;
              code = source[at++] ?? 0;
            }
            if (special[code] === 0) break;
            // Most of what ends a run of plain bytes, at once and without a change of state.
            const follows = at + 2 < length ? (source[at] ?? 0) : 0;
            if (code === byte.quote && follows === byte.comma && source[at + 1] === byte.quote) {
              this.#column += 1;
              step = this.#keep[this.#column] === true ? 1 : 0;
              if (step === 1 && this.#keptBefore++ > 0) out[written++] = byte.tab;
              code = source[at + 2] ?? 0;
              at += 3;
            } else if (code === byte.backslash && follows === byte.quote) {
              if (this.#highSurrogate !== undefined) throw this.#notARow();
              out[written] = byte.quote;
              written += step;
              code = source[at + 1] ?? 0;
              at += 2;
            } else {
              if (code === byte.quote) current = state.afterValue;
              else if (code === byte.backslash) current = state.escape;
              else throw this.#notARow();
              break;
            }
          }
          break;
        case state.escape:
          current = state.text;
          if (code === byte.u) {
            this.#unicode = '';
            current = state.unicode;
          } else if (this.#highSurrogate !== undefined) {
            throw this.#notARow();
          } else if (code === byte.quote || code === byte.slash) {
            out[written] = code;
            written += step;
          } else if (sharedEscapes.has(code)) {
            out[written] = byte.backslash;
            out[written + 1] = code;
            written += 2 * step;
          } else throw this.#notARow();
          break;
        case state.unicode:
          this.#unicode += String.fromCharCode(code);
          if (this.#unicode.length === hexDigits) {
            written += this.#writeUnicode(written) * step;
            current = state.text;
          }
          break;
        case state.afterValue:
          this.#column += 1;
          step = this.#keep[this.#column] === true ? 1 : 0;
          if (code === byte.comma) current = state.nextValue;
          else if (code === byte.closeBracket) {
            out[written++] = this.#endRow();
            current = state.afterRow;
          } else throw this.#notARow();
          break;
        case state.firstValue:
        case state.nextValue:
          if (current === state.firstValue && code === byte.closeBracket) {
            out[written++] = this.#endRow();
            current = state.afterRow;
            break;
          }
          if (step === 1 && this.#keptBefore++ > 0) out[written++] = byte.tab;
          if (code === byte.quote) current = state.text;
          else if (code === byte.n) {
            out[written] = byte.backslash;
            out[written + 1] = byte.upperN;
            written += 2 * step;
            this.#matched = 1;
            current = state.nothing;
          } else throw this.#notARow();
          break;
        case state.nothing:
          if (code !== nullLiteral[this.#matched++]) throw this.#notARow();
          if (this.#matched === nullLiteral.length) current = state.afterValue;
          break;
        case state.firstRow:
        case state.nextRow:
          if (code === byte.space) {
            this.#matched = 1;
            current = state.indented;
          } else if (current === state.firstRow && code === byte.closeBracket) {
            current = state.end;
            at -= 1;
          } else throw this.#notARow();
          break;
        case state.indented:
          if (this.#matched++ < indentBytes) {
            if (code !== byte.space) throw this.#notARow();
            break;
          }
          if (code !== byte.openBracket) throw this.#notARow();
          this.#column = 0;
          this.#keptBefore = 0;
          step = this.#keep[0] === true ? 1 : 0;
          current = state.firstValue;
          break;
        case state.afterRow:
          if (code === byte.comma) current = state.afterComma;
          else if (code === byte.lineEnd) current = state.end;
          else throw this.#notARow();
          break;
        case state.afterComma:
          if (code !== byte.lineEnd) throw this.#notARow();
          current = state.nextRow;
          break;
      }
    }
    this.#state = current;
    return { copyText: out.subarray(0, written), read: at, ended: current === state.end };
  }

  #endRow(): number {
    if (this.#column !== this.#keep.length) throw this.#notARow();
    this.#rows += 1;
    return byte.lineEnd;
  }

  /** Writes the character of a `\uXXXX`; the two halves of a pair arrive one after the other. */
  #writeUnicode(position: number): number {
    if (!/^[0-9a-fA-F]{4}$/.test(this.#unicode)) throw this.#notARow();
    const unit = Number.parseInt(this.#unicode, 16);
    const high = this.#highSurrogate;
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if ((high !== undefined) !== isLow || unit === 0) throw this.#notARow();
    if (unit >= 0xd800 && unit <= 0xdbff) {
      this.#highSurrogate = unit;
      return 0;
    }
    this.#highSurrogate = undefined;
    const letter = copyEscapes.get(unit);
    if (letter !== undefined) {
      this.#out[position] = byte.backslash;
      this.#out[position + 1] = letter;
      return 2;
    }
    const text = high === undefined ? String.fromCharCode(unit) : String.fromCharCode(high, unit);
    return this.#out.write(text, position, 'utf8');
  }

  #notARow(): Error {
    return this.#failure('has something else where a row should be');
  }
}
