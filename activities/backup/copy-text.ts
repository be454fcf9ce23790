const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** A backslash with what belongs to it: an octal or hexadecimal byte, or one character. */
const escapeSequence = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g;

/**
 * Reads one line of PostgreSQL's COPY text format, without its line end.
 *
 * @param line the line; line ends and tabs inside values are escaped in it
 * @param columns how many columns the table has: an empty line is no value for none and an empty text for one
 * @returns one text per column, null for SQL NULL
 */
export function parseCopyLine(line: string, columns: number): (string | null)[] {
  if (columns === 0 && line === '') return [];
  const fields = line.split('\t');
  return line.includes('\\') ? fields.map(unescapeField) : fields;
}

function unescapeField(field: string): string | null {
  if (field === '\\N') return null;
  if (!field.includes('\\')) return field;
  return field.replace(escapeSequence, (_, hex?: string, octal?: string, character = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return escapes[character] ?? character;
  });
}
