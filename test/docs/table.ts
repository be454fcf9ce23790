/**
 * The rows of a Markdown table, found by the heading of its first column.
 *
 * @returns the cells of each row, without the heading; empty when there is no such table
 */
export function tableUnder(markdown: string, firstHeading: string): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === firstHeading);
  if (start === -1) return [];
  const body = lines.slice(start + 2);
  const end = body.findIndex((line) => !line.startsWith('|'));
  return body.slice(0, end === -1 ? body.length : end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
