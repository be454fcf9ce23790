/** Shell words of a `dr` command. */
export interface CommandText {
  readonly command: string;
  /** The environment meant: always said, as the reader's default may be another. */
  readonly environment: string;
  /** Option name without dashes, and its value; `true` for a switch. */
  readonly options?: Readonly<Record<string, string | true>>;
  readonly args?: readonly string[];
}

/** Writes a `dr` command that can be copied into a shell. */
export function commandText({ command, environment, options = {}, args = [] }: CommandText): string {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, quote(value)],
  );
  return ['npx dr', command, ...args.map(quote), '--environment', environment, ...given].join(' ');
}

function quote(word: string): string {
  if (word === '') return '""';
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/(["\\$`])/g, '\\$1')}"`;
}

/** Breaks a command over lines that a shell still reads as one; indented by `indent` characters. */
export function commandLines(text: string, width: number, indent: number): string[] {
  const words = text.match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? [text];
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  for (const word of words) {
    const fresh = line.trim() === '';
    if (!fresh && line.length + word.length + 3 > width) {
      lines.push(`${line} \\`);
      line = `${' '.repeat(indent + 4)}${word}`;
    } else line = fresh ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The line that ends every answer of `dr`: what to do next. */
export function nextLines(
  commands: readonly { readonly text: string; readonly why: string }[],
  width: number,
): string[] {
  const lines = commands.flatMap(({ text, why }) => {
    const column = `  ${text.padEnd(40)}  ${why}`;
    return column.length <= width ? [column] : [...commandLines(text, width, 2), `      ${why}`];
  });
  return lines.length === 0 ? [] : ['Next:', ...lines];
}
