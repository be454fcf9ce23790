import { describe, expect, it } from 'vitest';
import { renderPage } from '../../../../activities/evidence/page/page.ts';
import type { Block, Chart, Document, Timeline } from '../../../../workflows/contracts/document.ts';
import { recoveryDocument } from '../../../../workflows/runbook/documents/recovery.ts';
import { sampleReport, sampleStatus, sampleStep } from '../../../workflows/runbook/sample-status.ts';
import { classed, type Element, findAll, named, readMarkup, textOf } from './markup.ts';

const hostile = [
  '<script>alert(1)</script>',
  `"'><img src=x onerror=alert(1)>`,
  '</style><style>@import url(http://evil.example)</style>',
  '</title></svg><iframe src="//evil.example">',
  'مرحبا بالعالم ‮ exe.txt',
  'nul \u0000 and lone \ud800 surrogate',
  `${'very-long-'.repeat(400)}end`,
] as const;

const timeline: Timeline = {
  title: 'When each step ran',
  description: 'two steps',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T00:10:00.000Z',
  rows: [
    {
      label: 'Restore the database in place',
      note: '6 min 00 s, waited 2 min 00 s',
      spans: [
        { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:02:00.000Z', kind: 'wait' },
        { from: '2026-01-01T00:02:00.000Z', to: '2026-01-01T00:08:00.000Z', kind: 'work' },
      ],
      marked: true,
    },
    {
      label: 'Too quick to see',
      note: '0 ms',
      spans: [{ from: '2026-01-01T00:10:00.000Z', to: '2026-01-01T00:10:00.000Z', kind: 'work' }],
      marked: false,
    },
  ],
  marks: [
    { label: 'incident', at: '2025-12-31T23:58:00.000Z', kind: 'event' },
    { label: 'RTO objective', at: '2026-01-01T00:12:00.000Z', kind: 'objective' },
  ],
};

const chart: Chart = {
  title: 'RTO',
  description: 'some figures',
  unit: 'ms',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-12-31T00:00:00.000Z',
  series: [{ name: 'drills', points: [{ at: '2026-02-01T00:00:00.000Z', value: 60_000 }] }],
  objective: { label: 'objective 2 min', value: 120_000 },
  gapAfterMs: 40 * 86_400_000,
};

const pageOf = (blocks: readonly Block[], change: Partial<Document> = {}) =>
  renderPage({
    title: 'A page',
    verdict: { text: 'recovered', tone: 'good' },
    headline: 'It is back.',
    sections: [{ title: 'A part', blocks }],
    ...change,
  });

const percent = (element: Element, name: string) => Number.parseFloat(element.attributes[name] ?? '');

describe('a page', () => {
  it.each(hostile)('shows %j as text, wherever it stands', (text) => {
    const page = pageOf(
      [
        { kind: 'text', text },
        { kind: 'list', items: [text] },
        { kind: 'table', head: [text], rows: [[text]] },
        {
          kind: 'objectives',
          figures: [{ name: text, objective: text, measured: text, verdict: 'met', basis: text, share: 0.5 }],
        },
        {
          kind: 'timeline',
          timeline: {
            ...timeline,
            title: text,
            description: text,
            rows: timeline.rows.map((row) => ({ ...row, label: text, note: text })),
            marks: timeline.marks.map((mark) => ({ ...mark, label: text })),
          },
        },
        {
          kind: 'chart',
          chart: {
            ...chart,
            title: text,
            description: text,
            series: chart.series.map((series) => ({ ...series, name: text })),
            objective: { label: text, value: 1 },
          },
        },
      ],
      {
        title: text,
        headline: text,
        verdict: { text, tone: 'bad' },
        sections: [{ title: text, blocks: [] }],
      },
    );
    const root = readMarkup(page);
    expect(named(root, 'style')).toHaveLength(1);
    expect(textOf(named(root, 'h1')[0] ?? root)).toContain(text.slice(0, 3));
    for (const hidden of ['\u0000', '\u202e', '\ud800']) expect(page).not.toContain(hidden);
    const known =
      /^(document|html|head|meta|title|style|body|main|header|section|h[1-3]|p|ul|li|div|span|strong|table|caption|thead|tbody|tr|th|td|figure|figcaption|svg|desc|defs|pattern|rect|line|text|tspan|g|path)$/;
    expect(findAll(root, ({ name }) => !known.test(name))).toEqual([]);
  });

  it('loads nothing and runs nothing', () => {
    const page = pageOf([
      { kind: 'timeline', timeline },
      { kind: 'chart', chart },
    ]);
    const root = readMarkup(page);
    const policy = named(root, 'meta').find(
      ({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy',
    );
    expect(policy?.attributes['content']).toBe("default-src 'none'; style-src 'unsafe-inline'");
    const attributes = findAll(root, () => true).flatMap((element) => Object.keys(element.attributes));
    expect(attributes.filter((name) => /^(on|src|href|style$)/.test(name))).toEqual([]);
    const addresses = page.match(/url\([^)]*\)|https?:[^\s"]*/g) ?? [];
    expect(addresses.filter((address) => !/^url\(#part-0-0-hatch\)$/.test(address))).toEqual([]);
    expect(addresses.length).toBeGreaterThan(0);
  });

  it('names every picture, heads every column and repeats no id', () => {
    const root = readMarkup(
      pageOf([
        { kind: 'timeline', timeline },
        { kind: 'chart', chart },
        { kind: 'chart', chart },
        { kind: 'table', head: ['Table', 'Rows'], rows: [['sales', '3']], numeric: [1] },
      ]),
    );
    const ids = findAll(root, ({ attributes }) => 'id' in attributes).map(
      ({ attributes }) => attributes['id'],
    );
    expect(new Set(ids).size).toBe(ids.length);
    const pictures = findAll(root, ({ attributes }) => attributes['role'] === 'img');
    expect(pictures).toHaveLength(3);
    for (const picture of pictures) {
      expect(named(picture, 'title').length).toBeGreaterThan(0);
      expect(named(picture, 'desc')).toHaveLength(1);
      for (const id of (picture.attributes['aria-labelledby'] ?? '').split(' ')) expect(ids).toContain(id);
    }
    expect(named(root, 'th').map(({ attributes }) => attributes['scope'])).toEqual(['col', 'col', 'row']);
    expect(classed(root, 'number').map(textOf)).toEqual(['Rows', '3']);
  });

  it('says in words what a colour says', () => {
    const root = readMarkup(
      pageOf([
        {
          kind: 'objectives',
          figures: [
            {
              name: 'RTO',
              objective: '1 min',
              measured: '9 min',
              verdict: 'MISSED',
              basis: 'from … to …',
              share: 9,
            },
          ],
        },
      ]),
    );
    expect(textOf(classed(root, 'objective')[0] ?? root)).toContain('MISSED');
    const [bar] = classed(root, 'missed');
    expect(bar?.attributes['width']).toBe('100%');
    expect(textOf(named(root, 'svg')[0] ?? root)).toContain('beyond');
  });
});

describe('a timeline', () => {
  const root = readMarkup(pageOf([{ kind: 'timeline', timeline }]));
  const [picture = root] = classed(root, 'timeline');
  const rows = classed(picture, 'row');

  it('has a row for each step, with waits apart from work', () => {
    expect(rows).toHaveLength(2);
    const [restore = root] = rows;
    const bars = named(restore, 'rect').map(({ attributes }) => attributes['class']);
    expect(bars).toEqual(['wait', 'work', 'marked']);
    const [wait = root, work = root] = named(restore, 'rect');
    expect(percent(work, 'width')).toBeCloseTo(3 * percent(wait, 'width'), 1);
    expect(percent(work, 'x')).toBeCloseTo(percent(wait, 'x') + percent(wait, 'width'), 1);
    expect(wait.attributes['fill']).toMatch(/^url\(#.+-hatch\)$/);
  });

  it('still draws what was too quick to see, within the picture', () => {
    const [bar = root] = named(rows[1] ?? root, 'rect');
    expect(percent(bar, 'width')).toBeGreaterThan(0);
    expect(percent(bar, 'x') + percent(bar, 'width')).toBeLessThanOrEqual(100);
  });

  it('makes room for an objective that lies close, and names at the edge what lies outside', () => {
    expect(findAll(picture, ({ attributes }) => attributes['class'] === 'objective-line')).toHaveLength(1);
    expect(textOf(picture)).toContain('‹ incident: 2 min before the start');
    const far = readMarkup(
      pageOf([
        {
          kind: 'timeline',
          timeline: {
            ...timeline,
            marks: [{ label: 'RTO objective', at: '2026-01-01T10:10:00.000Z', kind: 'objective' }],
          },
        },
      ]),
    );
    expect(textOf(far)).toContain('RTO objective: 10 h after the end ›');
  });
});

describe('the page of a recovery', () => {
  it('is whole also where nothing is known', () => {
    const steps = [{ ...sampleStep, startedAt: null, finishedAt: null, state: 'pending' as const }];
    const bare = { ...sampleReport, status: { ...sampleReport.status, steps } };
    for (const report of [sampleReport, bare, { ...bare, status: { ...bare.status, steps: [] } }]) {
      const text = textOf(readMarkup(renderPage(recoveryDocument(report))));
      expect(text).toContain('NO SAFETY COPY was made');
      expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
    }
  });

  it('draws a run that still goes on and one whose moments cannot be read', () => {
    const steps = [
      { ...sampleStep, finishedAt: null, state: 'running' as const },
      { ...sampleStep, id: 'odd', startedAt: 'yesterday', finishedAt: 'today' },
    ];
    const root = readMarkup(
      renderPage(recoveryDocument({ ...sampleReport, status: { ...sampleStatus, steps } })),
    );
    expect(classed(root, 'row')).toHaveLength(1);
    expect(named(root, 'rect').every(({ attributes }) => !/NaN/.test(JSON.stringify(attributes)))).toBe(true);
  });
});
