const blockBytes = 256 * 1024;

/**
 * Blocks of memory that are filled again once their content has been written. Without it, the memory of a large export
 * passes through the garbage collector several times a second, which was measured at a third of its time.
 */
export class BlockPool {
  readonly #own = new WeakSet<ArrayBufferLike>();
  readonly #free: Buffer[] = [];

  /** A block to fill. */
  take(): Buffer {
    const block = this.#free.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
    this.#own.add(block.buffer);
    return block;
  }

  /** Gives back a block, or the filled part of one, that nobody reads any more; ignores other memory. */
  giveBack(part: Buffer): void {
    if (!this.#own.delete(part.buffer)) return;
    this.#free.push(Buffer.from(part.buffer, 0, blockBytes));
  }
}
