/** The bytes that COPY text and JSON give a meaning to. */
export const byte = {
  backspace: 0x08,
  tab: 0x09,
  lineEnd: 0x0a,
  formFeed: 0x0c,
  carriageReturn: 0x0d,
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
