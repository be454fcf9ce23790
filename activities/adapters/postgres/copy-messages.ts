import type { RowSink } from '../../ports.ts';

/** Codes of the messages that a server sends during `COPY … TO STDOUT`. */
const codes = { copyData: 0x64, copyDone: 0x63, errorResponse: 0x45 } as const;

const headerBytes = 5;

/**
 * Finds the rows in the messages of a copy, one message each as the protocol says, and tells a sink where they lie.
 * Messages that may stand between them (notices, parameter changes) are passed over. `pg-copy-streams` does the same in
 * twice the time, because it makes objects for each row.
 */
export class CopyMessages {
  readonly #sink: RowSink;
  readonly #header = Buffer.alloc(headerBytes);
  #headerBytes = 0;
  #left = 0;

  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  /**
   * Reads the next chunk, however the messages are cut.
   *
   * @returns what belongs to the next consumer of the connection, once the copy is over or has failed
   */
  read(chunk: Buffer): Buffer | undefined {
    const sink = this.#sink;
    const { length } = chunk;
    let at = 0;
    while (at < length) {
      if (this.#headerBytes === 0 && at + headerBytes < length && chunk[at] === codes.copyData) {
        const end = at + 1 + lengthAt(chunk, at + 1);
        if (end <= length) {
          sink.row(chunk, at + headerBytes, end, true);
          at = end;
          continue;
        }
      }
      if (this.#headerBytes < headerBytes) {
        const taken = Math.min(headerBytes - this.#headerBytes, length - at);
        chunk.copy(this.#header, this.#headerBytes, at, at + taken);
        this.#headerBytes += taken;
        at += taken;
        const code = this.#header[0];
        if (code === codes.copyDone || code === codes.errorResponse) {
          return Buffer.concat([this.#header.subarray(0, this.#headerBytes), chunk.subarray(at)]);
        }
        if (this.#headerBytes < headerBytes) break;
        this.#left = lengthAt(this.#header, 1) - (headerBytes - 1);
      }
      const taken = Math.min(this.#left, length - at);
      this.#left -= taken;
      if (this.#header[0] === codes.copyData && (taken > 0 || this.#left === 0)) {
        sink.row(chunk, at, at + taken, this.#left === 0);
      }
      at += taken;
      if (this.#left === 0) this.#headerBytes = 0;
    }
    return undefined;
  }
}

/** Four bytes read one by one: `readUInt32BE` was measured at three times the time. */
function lengthAt(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}
