import type {
  Timeline,
  TimelineMark,
  TimelineRow,
  TimelineSpan,
} from '../../../workflows/contracts/document.ts';
import { html, type Markup, nothing } from './html.ts';
import { durationLabel, durationTicks, linear } from './scale.ts';
import { shorten } from './shorten.ts';

const markHeight = 16;
const rowHeight = 30;
/** Of the bar, below the name of its step. */
const barTop = 16;
const barHeight = 10;
const axisHeight = 24;

/** The objective is drawn into the picture where that makes it no more than this many times wider. */
const stretchForObjective = 1.6;

/** From the left edge to the right one, percent of the width. */
const edges = { left: 0.5, right: 99.5 } as const;

/** Where moments lie in the picture. */
interface Frame {
  readonly fromMs: number;
  readonly toMs: number;
  /** Percent of the width, of a moment in ms since 1970. */
  readonly x: (ms: number) => number;
  /** Below the names of the marks, px. */
  readonly top: number;
  /** Where the rows end, px. */
  readonly bottom: number;
}

/**
 * When each step ran, as a picture as wide as the page: a bar for work, hatched for waits, a frame around what cannot be
 * taken back. Letters keep their size on a narrow screen.
 *
 * @param id unique in the page
 */
export function renderTimeline(timeline: Timeline, id: string): Markup {
  const frame = frameOf(timeline);
  const height = frame.bottom + axisHeight;
  return html`<figure>
<svg class="timeline" width="100%" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${timeline.title}</title>
<desc id="${id}-desc">${timeline.description}</desc>
<defs>${hatch(id)}</defs>
${axis(frame)}
${timeline.marks.map((mark, index) => renderMark(mark, index, frame))}
${timeline.rows.map((row, index) => renderRow(row, index, frame, id))}
</svg>
<figcaption>${legend(id, timeline)}</figcaption>
</figure>
`;
}

function frameOf({ from, to, rows, marks }: Timeline): Frame {
  const fromMs = Date.parse(from);
  const endMs = Date.parse(to);
  const inReach = marks
    .filter(({ kind }) => kind === 'objective')
    .map(({ at }) => Date.parse(at))
    .filter((at) => at > endMs && at - fromMs <= (endMs - fromMs) * stretchForObjective);
  const toMs = Math.max(endMs, ...inReach);
  const scale = linear(fromMs, toMs);
  const top = marks.length * markHeight + 4;
  return {
    fromMs,
    toMs,
    x: (ms) => round(edges.left + Math.min(1, Math.max(0, scale(ms))) * (edges.right - edges.left)),
    top,
    bottom: top + rows.length * rowHeight,
  };
}

function renderRow(
  { label, note, spans, marked }: TimelineRow,
  index: number,
  frame: Frame,
  id: string,
): Markup {
  const y = frame.top + index * rowHeight;
  const [shortNote = ''] = note.split(',', 1);
  return html`<g class="row"><title>${label}: ${note}</title>
${words('wide', y + 12, shorten(label, 70), note)}${words('narrow', y + 12, shorten(label, 32), shortNote)}
${spans.map((span) => renderSpan(span, y + barTop, frame, id))}${marked ? frameAround(spans, y + barTop, frame) : nothing}
</g>
`;
}

function words(css: string, y: number, label: string, note: string): Markup {
  return html`<text class="${css}" x="0" y="${y}"><tspan>${label}</tspan><tspan class="note" dx="8">${note}</tspan></text>`;
}

/** What was too quick to see is still drawn. */
function renderSpan({ from, to, kind }: TimelineSpan, y: number, { x }: Frame, id: string): Markup {
  const [left, right] = [x(Date.parse(from)), x(Date.parse(to))];
  const width = round(Math.max(0.3, right - left));
  const place = html`x="${Math.min(left, 100 - width)}%" y="${y}" width="${width}%" height="${barHeight}"`;
  return kind === 'wait'
    ? html`<rect class="wait" ${place} fill="url(#${id}-hatch)"/>\n`
    : html`<rect class="work" ${place}/>\n`;
}

function frameAround(spans: readonly TimelineSpan[], y: number, { x }: Frame): Markup {
  const left = Math.min(...spans.map(({ from }) => x(Date.parse(from))));
  const right = Math.max(...spans.map(({ to }) => x(Date.parse(to))));
  const width = round(Math.max(0.3, right - left));
  return html`<rect class="marked" x="${Math.min(left, 100 - width)}%" y="${y - 1.5}" width="${width}%" height="${barHeight + 3}"/>`;
}

function axis({ fromMs, toMs, x, top, bottom }: Frame): Markup {
  const ticks = durationTicks(Math.max(1, toMs - fromMs), 6).filter(({ value }) => fromMs + value <= toMs);
  return html`${ticks.map(({ value, label }, index) => {
    const at = x(fromMs + value);
    const narrow = index % 2 === 0 ? '' : ' wide';
    return html`<line class="grid" x1="${at}%" x2="${at}%" y1="${top}" y2="${bottom + 4}"/><text class="tick${narrow}" x="${at}%" y="${bottom + 18}" text-anchor="${anchorOf(at)}">${label}</text>\n`;
  })}`;
}

/** A moment outside of the picture is named at the edge where it lies, with how far away. */
function renderMark({ label, at, kind }: TimelineMark, index: number, frame: Frame): Markup {
  const ms = Date.parse(at);
  const y = index * markHeight + 12;
  if (ms < frame.fromMs) {
    const before = durationLabel(frame.fromMs - ms);
    return html`<text class="mark-label ${kind}" x="0" y="${y}">‹ ${label}: ${before} before the start</text>\n`;
  }
  if (ms > frame.toMs) {
    const after = durationLabel(ms - frame.toMs);
    return html`<text class="mark-label ${kind}" x="100%" y="${y}" text-anchor="end">${label}: ${after} after the end ›</text>\n`;
  }
  const left = frame.x(ms);
  return html`<line class="${kind}-line" x1="${left}%" x2="${left}%" y1="${y + 3}" y2="${frame.bottom + 4}"/><text class="mark-label ${kind}" x="${left}%" y="${y}" text-anchor="${anchorOf(left)}">${label}</text>\n`;
}

function anchorOf(percent: number): 'start' | 'middle' | 'end' {
  return percent < 25 ? 'start' : percent > 75 ? 'end' : 'middle';
}

function hatch(id: string): Markup {
  return html`<pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.5" height="6"/></pattern>`;
}

function legend(id: string, { rows, marks }: Timeline): Markup {
  const waits = rows.some(({ spans }) => spans.some(({ kind }) => kind === 'wait'));
  const swatch = (shape: Markup, words: string) =>
    html`<span class="key"><svg width="22" height="16" aria-hidden="true">${shape}</svg> ${words}</span>\n`;
  const bar = html`x="1" y="2" width="20" height="12"`;
  return html`${swatch(html`<rect class="work" ${bar}/>`, 'work')}${waits ? swatch(html`<rect class="wait" ${bar} fill="url(#${id}-hatch)"/>`, 'waiting for people') : nothing}${
    rows.some(({ marked }) => marked)
      ? swatch(
          html`<rect class="work" x="3" y="4" width="16" height="8"/><rect class="marked" ${bar}/>`,
          'cannot be taken back',
        )
      : nothing
  }${
    marks.some(({ kind }) => kind === 'objective')
      ? swatch(html`<line class="objective-line" x1="11" x2="11" y1="0" y2="16"/>`, 'objective')
      : nothing
  }<span class="key">Time from the first moment of the picture.</span>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
