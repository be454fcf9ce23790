const space = 0x20;
const spaces = 0x20202020;
const highBits = 0x80808080;
const wordBytes = 4;

let viewed: ArrayBufferLike | undefined;
let words: Int32Array = new Int32Array(0);

/**
 * Finds the first byte below 0x20. It looks at four at a time: subtracting 0x20 from each sets the highest bit of those
 * that are smaller, and of a larger one only behind a smaller one.
 *
 * @returns its place, or `to` when there is none
 */
export function findControlCharacter(bytes: Buffer, from: number, to: number): number {
  if (viewed !== bytes.buffer) {
    viewed = bytes.buffer;
    words = new Int32Array(viewed, 0, Math.floor(viewed.byteLength / wordBytes));
  }
  const all = words;
  const { byteOffset } = bytes;
  const firstWord = (from + byteOffset + wordBytes - 1) >> 2;
  const lastWord = (to + byteOffset) >> 2;
  if (firstWord >= lastWord) return findByteByByte(bytes, from, to);
  const head = firstWord * wordBytes - byteOffset;
  for (let at = from; at < head; at += 1) if ((bytes[at] ?? 0) < space) return at;
  for (let word = firstWord; word < lastWord; word += 1) {
    const four = all[word] ?? 0;
    if (((four - spaces) & ~four & highBits) !== 0) {
      return findByteByByte(bytes, word * wordBytes - byteOffset, to);
    }
  }
  return findByteByByte(bytes, lastWord * wordBytes - byteOffset, to);
}

function findByteByByte(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] ?? 0) >= space) at += 1;
  return at;
}
