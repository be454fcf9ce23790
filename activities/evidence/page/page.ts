import type { Document, Section } from '../../../workflows/contracts/document.ts';
import { renderBlock } from './block.ts';
import { html, type Markup, nothing } from './html.ts';
import { style } from './style.ts';

/** Nothing is loaded and nothing runs, whatever a text pretends to be. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'";

/** A document as one HTML page that needs nothing else: for a screen in light and dark, narrow and wide, and for paper. */
export function renderPage({ title, verdict, headline, sections }: Document): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
<header>
<h1 dir="auto">${title}</h1>
${verdict === null ? nothing : html`<p class="verdict ${verdict.tone}">${verdict.text}</p>`}
<p class="headline" dir="auto">${headline}</p>
</header>
${sections.map(renderSection)}
</main>
</body>
</html>
`;
  return page.markup;
}

function renderSection({ title, blocks }: Section, index: number): Markup {
  return html`<section aria-labelledby="part-${index}">
<h2 id="part-${index}" dir="auto">${title}</h2>
${blocks.map((block, position) => renderBlock(block, { id: `part-${index}-${position}`, title }))}
</section>
`;
}
