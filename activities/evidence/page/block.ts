import type { Block, ObjectiveFigure, Tone } from '../../../workflows/contracts/document.ts';
import { renderChart } from './chart.ts';
import { html, type Markup, nothing } from './html.ts';
import { renderTimeline } from './timeline.ts';

/** Where a block stands. */
export interface BlockPlace {
  /** Unique in the page. */
  readonly id: string;
  /** Of its section. */
  readonly title: string;
}

/** One part of a section as markup. */
export function renderBlock(block: Block, place: BlockPlace): Markup {
  switch (block.kind) {
    case 'text':
      return html`<p class="${block.tone ?? 'plain'}" dir="auto">${block.text}</p>\n`;
    case 'list':
      return html`<ul>\n${block.items.map((item) => html`<li dir="auto">${item}</li>\n`)}</ul>\n`;
    case 'table':
      return renderTable(block, place);
    case 'objectives':
      return html`<div class="objectives">\n${block.figures.map(renderObjective)}</div>\n`;
    case 'timeline':
      return renderTimeline(block.timeline, place.id);
    case 'chart':
      return renderChart(block.chart, place.id);
  }
}

/** On a narrow screen each row becomes a block whose cells carry the heading of their column. */
function renderTable({ head, rows, numeric = [] }: Extract<Block, { kind: 'table' }>, { title }: BlockPlace) {
  const css = (column: number) => (numeric.includes(column) ? 'number' : 'words');
  return html`<table>
<caption>${title}</caption>
<thead><tr>${head.map((name, column) => html`<th scope="col" class="${css(column)}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (cells) =>
    html`<tr>${cells.map((cell, column) => renderCell(cell, head[column] ?? '', css(column), column === 0))}</tr>\n`,
)}</tbody>
</table>
`;
}

function renderCell(text: string, heading: string, css: string, first: boolean): Markup {
  const shown = html`<span dir="auto">${text}</span>`;
  const mark = verdictTone(text);
  const content = mark === null ? shown : html`<strong class="${mark}">${shown}</strong>`;
  return first
    ? html`<th scope="row" class="${css}" data-head="${heading}">${content}</th>`
    : html`<td class="${css}" data-head="${heading}">${content}</td>`;
}

const verdictTones: Readonly<Record<string, Tone>> = {
  passed: 'good',
  done: 'good',
  met: 'good',
  FAILED: 'bad',
  MISSED: 'bad',
  'NOT MET': 'bad',
  failed: 'bad',
  'LOOK AT THIS': 'bad',
  'for a person to judge': 'warning',
  skipped: 'warning',
  rejected: 'warning',
};

function verdictTone(text: string): Tone | null {
  return Object.hasOwn(verdictTones, text) ? (verdictTones[text] ?? null) : null;
}

/** A bar of what was measured against the objective; past the line is past the objective. */
function renderObjective(figure: ObjectiveFigure): Markup {
  const { name, objective, measured, verdict, basis, share } = figure;
  const tone = verdict === 'met' ? 'good' : verdict === 'MISSED' ? 'bad' : 'warning';
  return html`<div class="objective">
<h3>${name}</h3>
<p class="figure"><strong>${measured}</strong> of ${objective} <span class="verdict ${tone}">${verdict}</span></p>
${share === null ? nothing : renderGauge(figure, share)}<p class="basis" dir="auto">${basis}</p>
</div>
`;
}

/** The objective stands at two thirds, so that there is room to miss it. */
const objectiveAt = 66;

function renderGauge({ name, objective, measured, verdict }: ObjectiveFigure, share: number): Markup {
  const width = Math.min(100, Math.max(0.5, share * objectiveAt));
  const description = `${name}: ${measured} of ${objective}, ${verdict}`;
  return html`<svg class="gauge" width="100%" height="26" role="img" aria-label="${description}">
<title>${description}</title>
<rect class="track" x="0" y="8" width="100%" height="10"/>
<rect class="${verdict === 'MISSED' ? 'missed' : 'work'}" x="0" y="8" width="${round(width)}%" height="10"/>
<line class="objective-line" x1="${objectiveAt}%" x2="${objectiveAt}%" y1="2" y2="24"/>
${share * objectiveAt > 100 ? html`<text class="beyond" x="99%" y="17" text-anchor="end">beyond ›</text>\n` : nothing}</svg>
`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
