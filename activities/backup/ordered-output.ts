/** Bytes that may wait while an earlier part is not read to its end. */
const waitingLimitBytes = 8 * 1024 * 1024;
/** Bytes of the part that is due which may wait to be taken. */
const dueLimitBytes = 1024 * 1024;

interface Part {
  readonly chunks: Buffer[];
  bytes: number;
  ended: boolean;
}

/**
 * Puts parts that are written at the same time into their order: a reader takes them one behind the other, while the
 * writers of later parts run ahead as far as memory is set aside for it.
 */
export class OrderedOutput {
  readonly #parts = new Map<number, Part>();
  readonly #waiting = new Set<() => void>();
  #due = 0;
  #waitingBytes = 0;
  #failure: { readonly error: unknown } | undefined;

  /** Adds to a part; resolves when more may be added, undefined is at once. Throws or rejects when the output failed. */
  write(index: number, chunk: Buffer): Promise<void> | undefined {
    this.#throwFailure();
    const part = this.#part(index);
    part.chunks.push(chunk);
    part.bytes += chunk.length;
    this.#waitingBytes += chunk.length;
    this.#wake();
    return this.#isFull(index, part) ? this.#room(index, part) : undefined;
  }

  /** Says that a part is whole. */
  end(index: number): void {
    this.#part(index).ended = true;
    this.#wake();
  }

  /** Makes reader and writers reject. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** Reads a part to its end; parts are read once, in the order of their index. */
  async *read(index: number): AsyncGenerator<Buffer, void, undefined> {
    this.#due = index;
    this.#wake();
    for (;;) {
      this.#throwFailure();
      const part = this.#part(index);
      const chunks = part.chunks.splice(0);
      if (chunks.length > 0) {
        this.#waitingBytes -= part.bytes;
        part.bytes = 0;
        this.#wake();
        yield* chunks;
      } else if (part.ended) {
        this.#parts.delete(index);
        return;
      } else await this.#change();
    }
  }

  #isFull(index: number, part: Part): boolean {
    return index === this.#due ? part.bytes > dueLimitBytes : this.#waitingBytes > waitingLimitBytes;
  }

  async #room(index: number, part: Part): Promise<void> {
    while (this.#failure === undefined && this.#isFull(index, part)) await this.#change();
    this.#throwFailure();
  }

  #part(index: number): Part {
    const part = this.#parts.get(index) ?? { chunks: [], bytes: 0, ended: false };
    this.#parts.set(index, part);
    return part;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
