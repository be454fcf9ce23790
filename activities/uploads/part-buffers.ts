/** Buffers for the parts of uploads, used again. */
export interface PartBuffers {
  /** A buffer of exactly so many bytes; what is in it is not cleared. */
  take(bytes: number): Buffer;
  /** Gives it back, once nobody reads it any more. */
  giveBack(buffer: Buffer): void;
}

/**
 * New buffers for every part kept the collector busy for 1 s in each GB (measured, parts of 16 MiB).
 *
 * @param most buffers that are kept
 */
export function createPartBuffers(most: number): PartBuffers {
  const kept: ArrayBufferLike[] = [];
  return {
    take(bytes) {
      const fits = kept.findIndex((each) => each.byteLength >= bytes);
      const [memory] = fits === -1 ? [] : kept.splice(fits, 1);
      return memory === undefined ? Buffer.allocUnsafeSlow(bytes) : Buffer.from(memory, 0, bytes);
    },
    giveBack({ buffer }) {
      if (kept.length < most) kept.push(buffer);
    },
  };
}
