import { escapeHtml } from '../escape-html.ts';

const command = /^(npx|npm|dr|temporal) /;

/**
 * Renders plain lines for a phone: large enough to read, commands in a box of their own that can be copied. Everything
 * in the lines is shown as text, whatever it looks like.
 */
export function renderHtml(title: string, lines: readonly string[]): string {
  const blocks = lines.map((line) =>
    command.test(line)
      ? `<pre style="background:#f2f2f2;padding:10px;white-space:pre-wrap;word-break:break-word">${escapeHtml(line)}</pre>`
      : `<p style="margin:0 0 12px">${escapeHtml(line)}</p>`,
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title></head>`,
    '<body style="font:16px/1.5 sans-serif;max-width:640px;margin:0 auto;padding:12px">',
    `<h1 style="font-size:20px">${escapeHtml(title)}</h1>`,
    ...blocks,
    '</body></html>',
  ].join('\n');
}
