const width = 78;

/** SQL of the policy as lines of at most 78 characters; broken between words only, and not at all where that is unsafe. */
export function sqlLines(sql: string): string {
  const text = sql.trim().replace(/;$/, '');
  // A comment ends with its line, and a dollar-quoted text keeps its line breaks.
  if (/--|\$\$|\/\*/.test(text)) return text;
  const lines: string[] = [];
  for (const word of text.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}

/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
