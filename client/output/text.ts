/**
 * Breaks a text at spaces into lines of at most `width` characters; a longer word is cut.
 *
 * @param width in characters
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width));
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/).flatMap((each) => cut(each, width))) {
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= width) line = `${line} ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function cut(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  const pieces: string[] = [];
  for (let start = 0; start < word.length; start += width) pieces.push(word.slice(start, start + width));
  return pieces;
}

/**
 * Puts a text behind a label, wrapped and indented so that the label's column stays free.
 *
 * @param lead the label, padded by the caller
 * @param width of the whole line, in characters
 */
export function hang(lead: string, text: string, width: number): string[] {
  const indent = ' '.repeat(lead.length);
  return wrap(text, width - lead.length).map((line, index) => `${index === 0 ? lead : indent}${line}`);
}

/** Lines of label and value, the values in one column. */
export function fields(
  entries: readonly (readonly [label: string, value: string])[],
  width: number,
): string[] {
  const column = Math.min(28, Math.max(0, ...entries.map(([label]) => label.length)));
  return entries.flatMap(([label, value]) => hang(`  ${label.padEnd(column)}  `, value, width));
}
