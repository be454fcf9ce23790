/** The bytes that COPY text and JSON give a meaning to. */
export const byte = {
  backspace: 0x08,
  tab: 0x09,
  lineEnd: 0x0a,
  formFeed: 0x0c,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  backslash: 0x5c,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  upperN: 0x4e,
  b: 0x62,
  f: 0x66,
  l: 0x6c,
  n: 0x6e,
  r: 0x72,
  slash: 0x2f,
  t: 0x74,
  u: 0x75,
  v: 0x76,
} as const;

/** 1 for each byte that cannot stand as it is inside a JSON text: quote, backslash and control characters. */
export const escapedInJson = Uint8Array.from({ length: 256 }, (_, code) =>
  code < 0x20 || code === byte.quote || code === byte.backslash ? 1 : 0,
);

const each = 0x01010101;
const highBits = 0x80808080;

/**
 * Whether one of four bytes cannot stand as it is inside a JSON text. Subtracting a number from each byte sets the
 * highest bit of those that were smaller, and of a larger one only behind a smaller one.
 */
export function holdsEscapedInJson(four: number): boolean {
  const quotes = four ^ (byte.quote * each);
  const backslashes = four ^ (byte.backslash * each);
  const found =
    ((four - byte.space * each) & ~four) |
    ((quotes - each) & ~quotes) |
    ((backslashes - each) & ~backslashes);
  return (found & highBits) !== 0;
}
