/** Codes of the messages that a server sends during `COPY … TO STDOUT`. */
const codes = { copyData: 0x64, copyDone: 0x63, errorResponse: 0x45 } as const;

const headerBytes = 5;

/** What one chunk of the connection held. */
export interface CopiedChunk {
  /** Copied rows without their framing; empty when there were none. */
  readonly data: Buffer;
  /** All that belongs to the next consumer of the connection, once the copy is over or has failed. */
  readonly rest: Buffer | undefined;
}

/**
 * Takes the rows out of the messages of a copy. Messages that may stand between them (notices, parameter changes) are
 * passed over. `pg-copy-streams` does the same in twice the time, because it makes objects for each row.
 */
export class CopyMessages {
  readonly #header = Buffer.alloc(headerBytes);
  #headerBytes = 0;
  #left = 0;

  /** Reads the next chunk, however the messages are cut. The rows are moved together in the chunk itself. */
  read(chunk: Buffer): CopiedChunk {
    let written = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerBytes === 0 && at + headerBytes < chunk.length && chunk[at] === codes.copyData) {
        const end = at + 1 + chunk.readUInt32BE(at + 1);
        if (end <= chunk.length) {
          chunk.copyWithin(written, at + headerBytes, end);
          written += end - at - headerBytes;
          at = end;
          continue;
        }
      }
      if (this.#headerBytes < headerBytes) {
        const taken = Math.min(headerBytes - this.#headerBytes, chunk.length - at);
        chunk.copy(this.#header, this.#headerBytes, at, at + taken);
        this.#headerBytes += taken;
        at += taken;
        const code = this.#header[0];
        if (code === codes.copyDone || code === codes.errorResponse) {
          const rest = Buffer.concat([this.#header.subarray(0, this.#headerBytes), chunk.subarray(at)]);
          return { data: chunk.subarray(0, written), rest };
        }
        if (this.#headerBytes < headerBytes) break;
        this.#left = this.#header.readUInt32BE(1) - (headerBytes - 1);
      }
      const taken = Math.min(this.#left, chunk.length - at);
      if (this.#header[0] === codes.copyData) {
        chunk.copyWithin(written, at, at + taken);
        written += taken;
      }
      at += taken;
      this.#left -= taken;
      if (this.#left === 0) this.#headerBytes = 0;
    }
    return { data: chunk.subarray(0, written), rest: undefined };
  }
}
