import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { renderMarkdown, renderPage } from '../../worker/local/documents.ts';
import type { Document } from '../../workflows/contracts/document.ts';
import { CommandStopped } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeLines } from './screen.ts';

/** How a document is written. */
export type DocumentFormat = 'json' | 'markdown' | 'html';

const byEnding: Readonly<Record<string, DocumentFormat>> = {
  '.json': 'json',
  '.md': 'markdown',
  '.html': 'html',
  '.htm': 'html',
};

/** What was typed about the form of a document. */
export interface DocumentOptions {
  readonly json: boolean;
  readonly markdown: boolean;
  readonly html: boolean;
  readonly output?: string | undefined;
}

/**
 * Finds how a document is to be written: by the option, or by the ending of the file. What contradicts is added to the
 * problems.
 *
 * @returns null where neither says it
 */
export function readFormat(options: DocumentOptions, problems: string[]): DocumentFormat | null {
  const { output } = options;
  const asked = (['json', 'markdown', 'html'] as const).filter((format) => options[format]);
  if (asked.length > 1) problems.push(`${asked.map((format) => `--${format}`).join(', ')}: give only one.`);
  if (output === undefined) return asked[0] ?? null;
  if (output.trim() === '') problems.push('--output: give the name of a file.');
  const format = asked[0] ?? byEnding[extname(output).toLowerCase()];
  if (format === undefined) {
    problems.push('--output: end the name with .html, .md or .json, or say --html, --markdown or --json.');
  }
  return format ?? null;
}

/**
 * Writes a document to a file, or to the standard output.
 *
 * @param json what JSON holds
 * @throws CommandStopped with exit code 1 when the file cannot be written
 */
export async function writeDocument(
  context: Pick<DrContext, 'stdout' | 'stderr'>,
  { document, json }: { readonly document: Document; readonly json: unknown },
  { format, output }: { readonly format: DocumentFormat; readonly output: string | undefined },
): Promise<void> {
  const text = {
    json: () => JSON.stringify(json, null, 2),
    markdown: () => renderMarkdown(document),
    html: () => renderPage(document),
  }
    [format]()
    .trimEnd();
  if (output === undefined) {
    writeLines(context.stdout, [text]);
    return;
  }
  try {
    await writeFile(output, `${text}\n`);
  } catch (error) {
    throw new CommandStopped(exitCodes.failed, {
      happened: `${output} could not be written: ${error instanceof Error ? error.message : 'no reason is known'}.`,
      meaning: 'Nothing was changed.',
      next: 'Name a file that you may write, or leave --output out.',
    });
  }
  if (format !== 'json') writeLines(context.stderr, [`Written: ${output}`]);
}
