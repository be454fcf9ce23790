const width = 80;
const fence = /^```/;
const item = /^(- |\d+\. )/;

/**
 * Breaks the prose of a Markdown text into lines of at most 80 characters; commands stay as they are. A longer word,
 * such as an address, gets a line of its own.
 */
export function reflow(markdown: string): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let inCommands = false;
  const end = () => {
    if (paragraph.length > 0) lines.push(...wrap(paragraph.join(' ')));
    paragraph = [];
  };
  for (const line of markdown.split('\n')) {
    if (fence.test(line)) {
      end();
      inCommands = !inCommands;
      lines.push(line);
    } else if (inCommands || line.trim() === '' || line.startsWith('#') || line.startsWith('|')) {
      end();
      lines.push(line);
    } else {
      if (item.test(line)) end();
      paragraph.push(line.trim());
    }
  }
  end();
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

function wrap(text: string): string[] {
  const indent = ' '.repeat(item.exec(text)?.[0].length ?? 0);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= width) line = `${line} ${word}`;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line];
}
