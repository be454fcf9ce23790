import type { Chart } from '../../../workflows/contracts/document.ts';
import { type GroupedPoint, groupPoints, joined } from './group-points.ts';
import { html, type Markup, nothing } from './html.ts';
import { byteTicks, dateTicks, durationTicks, linear, type Tick } from './scale.ts';

const height = 230;
/** Where the plot lies: px from the top, percent of the width. */
const plot = { top: 26, bottom: 196, left: 15, right: 98 } as const;

/** An objective that lies higher than this many times the highest value is named, not drawn: it would flatten the rest. */
const objectiveInReach = 4;

/** Marks of the series: round, square, triangular, so that no colour is needed to tell them apart. */
const shapes = ['M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z', 'M-4 -4h8v8h-8z', 'M0 -5l5 9h-10z'] as const;

/** Where values and moments lie in the picture. */
interface Frame {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/**
 * A figure over months, as a picture as wide as its column. Points are joined only where no more than the chart's gap lies
 * between them; several that are too close to tell apart become a bar from the best to the worst, with the mark at the worst.
 *
 * @param id unique in the page
 */
export function renderChart(chart: Chart, id: string): Markup {
  const frame = frameOf(chart);
  const groups = chart.series.map(({ points }) => groupPoints(points, chart));
  return html`<figure class="chart">
<svg width="100%" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${chart.title}</title>
<desc id="${id}-desc">${chart.description}</desc>
${grid(chart, frame)}
${objectiveLine(chart, frame)}
${groups.map((points, index) => renderSeries(points, index, chart, frame))}
${groups.flat().length > 0 ? nothing : html`<text class="empty" x="56%" y="${(plot.top + plot.bottom) / 2}" text-anchor="middle">nothing was measured</text>\n`}</svg>
<figcaption>${legend(chart, groups.flat())}</figcaption>
</figure>
`;
}

function frameOf({ series, objective, unit, from, to }: Chart): Frame {
  const values = series.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []));
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  const withObjective =
    objective !== null && (highest === 0 || objective.value <= highest * objectiveInReach)
      ? Math.max(highest, objective.value)
      : highest;
  const ticksOf = unit === 'ms' ? durationTicks : byteTicks;
  const ticks = ticksOf(withObjective > 0 ? withObjective * 1.05 : unit === 'ms' ? 1_000 : 1_000_000, 4);
  const across = linear(Date.parse(from), Date.parse(to));
  const up = linear(0, ticks.at(-1)?.value ?? 1);
  return {
    x: (at) => round(plot.left + across(at) * (plot.right - plot.left)),
    y: (value) => round(plot.bottom - up(value) * (plot.bottom - plot.top)),
    ticks,
  };
}

function grid({ from, to }: Chart, { x, y, ticks }: Frame): Markup {
  const dates = dateTicks(Date.parse(from), Date.parse(to), 13);
  return html`${ticks.map(
    ({ value, label }) =>
      html`<line class="grid" x1="${plot.left}%" x2="${plot.right}%" y1="${y(value)}" y2="${y(value)}"/><text class="tick" x="${plot.left - 1}%" y="${y(value) + 4}" text-anchor="end">${label}</text>\n`,
  )}${dates.map(
    ({ value, label }, index) =>
      html`<line class="grid" x1="${x(value)}%" x2="${x(value)}%" y1="${plot.bottom}" y2="${plot.bottom + 5}"/><text class="tick${isSecondary(index, dates) ? ' wide' : ''}" x="${x(value)}%" y="${plot.bottom + 19}" text-anchor="middle">${label}</text>\n`,
  )}`;
}

/** On a narrow screen only every third is named, but never more than fit. */
function isSecondary(index: number, ticks: readonly Tick[]): boolean {
  return ticks.length > 5 && index % 3 !== 0;
}

function objectiveLine({ objective }: Chart, { y, ticks }: Frame): Markup {
  if (objective === null) return nothing;
  const top = ticks.at(-1)?.value ?? 0;
  if (objective.value > top) {
    return html`<text class="mark-label objective" x="${plot.right}%" y="14" text-anchor="end">${objective.label}, above the picture ↑</text>\n`;
  }
  const at = y(objective.value);
  return html`<line class="objective-line" x1="${plot.left}%" x2="${plot.right}%" y1="${at}" y2="${at}"/><text class="mark-label objective" x="${plot.right}%" y="14" text-anchor="end">${objective.label}</text>\n`;
}

function renderSeries(
  points: readonly GroupedPoint[],
  index: number,
  { gapAfterMs }: Pick<Chart, 'gapAfterMs'>,
  { x, y }: Frame,
): Markup {
  const lines = joined(points, gapAfterMs).map(
    ([one, other]) =>
      html`<line x1="${x(one.at)}%" y1="${y(one.worst)}" x2="${x(other.at)}%" y2="${y(other.worst)}"/>\n`,
  );
  const marks = points.map((point) => renderPoint(point, index, points.length > 60 ? 0.6 : 1, { x, y }));
  return html`<g class="series series-${index % shapes.length}">${lines}${marks}</g>\n`;
}

function renderPoint(
  { at, best, worst, count }: GroupedPoint,
  index: number,
  size: number,
  { x, y }: Pick<Frame, 'x' | 'y'>,
): Markup {
  const left = x(at);
  if (worst === null || best === null) {
    return html`<svg x="${left}%" y="${plot.bottom}" class="unknown"><path d="M-4 -4L4 4M-4 4L4 -4"/></svg>\n`;
  }
  const range =
    count > 1 && best !== worst
      ? html`<line class="range" x1="${left}%" x2="${left}%" y1="${y(best)}" y2="${y(worst)}"/>`
      : nothing;
  const shape = shapes[index % shapes.length] ?? shapes[0];
  return html`${range}<svg x="${left}%" y="${y(worst)}"><path class="mark" d="${shape}" transform="scale(${size})"/></svg>\n`;
}

function legend({ series, objective }: Chart, points: readonly GroupedPoint[]): Markup {
  const keys = series.map(
    ({ name }, index) =>
      html`<span class="key"><svg class="series series-${index % shapes.length}" width="26" height="14" aria-hidden="true"><line x1="0" x2="26" y1="7" y2="7"/><path class="mark" d="${shapes[index % shapes.length] ?? shapes[0]}" transform="translate(13 7)"/></svg> ${name}</span>\n`,
  );
  const unknown = points.some(({ worst }) => worst === null)
    ? html`<span class="key"><svg width="16" height="14" class="unknown" aria-hidden="true"><path transform="translate(8 7)" d="M-4 -4L4 4M-4 4L4 -4"/></svg> not known</span>\n`
    : nothing;
  const line =
    objective === null
      ? nothing
      : html`<span class="key"><svg width="26" height="14" aria-hidden="true"><line class="objective-line" x1="0" x2="26" y1="7" y2="7"/></svg> objective</span>\n`;
  const several = points.some(({ best, worst }) => best !== worst)
    ? html`<span class="key">A bar reaches from the best to the worst of several.</span>`
    : nothing;
  return html`${keys}${unknown}${line}${several}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
