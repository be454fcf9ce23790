const encoder = new TextEncoder();

/**
 * Keeps the first lines that fit, so that a page stays within a limit.
 *
 * @param maxBytes of the kept lines together, in UTF-8
 * @returns the kept lines and how many were left out
 */
export function fitLines(
  lines: readonly string[],
  maxBytes: number,
): { readonly kept: readonly string[]; readonly leftOut: number } {
  let bytes = 0;
  const tooMuch = lines.findIndex((line) => {
    bytes += encoder.encode(line).length + 1;
    return bytes > maxBytes;
  });
  const kept = tooMuch < 0 ? lines : lines.slice(0, tooMuch);
  return { kept, leftOut: lines.length - kept.length };
}
