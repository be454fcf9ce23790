import type { Block, Document, ObjectiveFigure } from '../../../workflows/contracts/document.ts';

/** A document as Markdown, for the terminal, the store and the mail. Pictures are left out: tables beside them say the same. */
export function renderMarkdown({ title, verdict, headline, sections }: Document): string {
  const parts = sections.map((section) =>
    [`## ${oneLine(section.title)}`, ...section.blocks.map(renderBlock)].filter((part) => part !== ''),
  );
  return [
    `# ${oneLine(title)}${verdict === null ? '' : `: ${verdict.text}`}`,
    headline,
    ...parts.filter(({ length }) => length > 1).map((part) => part.join('\n\n')),
  ].join('\n\n');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'list':
      return block.items.map((item) => `- ${oneLine(item)}`).join('\n');
    case 'table':
      return table(block.head, block.rows);
    case 'objectives':
      return table(['', 'Objective', 'Measured', 'Verdict', 'Measured how'], block.figures.map(figureRow));
    case 'timeline':
    case 'chart':
      return '';
  }
}

function figureRow({ name, objective, measured, verdict, basis }: ObjectiveFigure): readonly string[] {
  return [name, objective, measured, verdict, basis];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => oneLine(text).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}
