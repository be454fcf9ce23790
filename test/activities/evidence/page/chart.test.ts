import { describe, expect, it } from 'vitest';
import { groupPoints, joined } from '../../../../activities/evidence/page/group-points.ts';
import { renderPage } from '../../../../activities/evidence/page/page.ts';
import type { Chart, ChartPoint } from '../../../../workflows/contracts/document.ts';
import { classed, findAll, named, readMarkup, textOf } from './markup.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const at = (days: number) => new Date(start + days * day).toISOString();
const year = { from: at(0), to: at(365) } as const;
const point = (days: number, value: number | null): ChartPoint => ({ at: at(days), value });

const chartOf = (points: readonly ChartPoint[], change: Partial<Chart> = {}) => {
  const chart: Chart = {
    title: 'RTO',
    description: 'some figures',
    unit: 'ms',
    ...year,
    series: [{ name: 'drills', points }],
    objective: null,
    gapAfterMs: 36 * day,
    ...change,
  };
  const sections = [{ title: 'Figures', blocks: [{ kind: 'chart', chart } as const] }];
  const root = readMarkup(renderPage({ title: 'Trend', verdict: null, headline: '', sections }));
  const [picture = root] = findAll(root, ({ attributes }) => attributes['role'] === 'img');
  const [series = root] = classed(picture, 'series');
  return { root, picture, series };
};

describe('a chart', () => {
  it('joins neighbours and leaves a gap where nothing was measured', () => {
    const points = [point(10, 1), point(40, 2), point(70, 3), point(200, 4), point(230, 5)];
    const { series } = chartOf(points);
    expect(classed(series, 'mark')).toHaveLength(5);
    expect(named(series, 'line')).toHaveLength(3);
    const groups = groupPoints(points, year);
    expect(joined(groups, 36 * day).map(([one, other]) => [one.worst, other.worst])).toEqual([
      [1, 2],
      [2, 3],
      [4, 5],
    ]);
  });

  it('does not draw through what was not known, and marks it', () => {
    const { series, root } = chartOf([point(10, 1_000), point(40, null), point(70, 3_000)]);
    expect(named(series, 'line')).toHaveLength(0);
    expect(classed(series, 'unknown')).toHaveLength(1);
    expect(textOf(root)).toContain('not known');
  });

  it('puts several runs a day together with the worst never hidden', () => {
    const points = Array.from({ length: 3_000 }, (_none, index) => point(index * 0.12, 1_000 + (index % 7)));
    points.push(point(100.5, 9_000));
    const groups = groupPoints(points, year);
    expect(groups.length).toBeLessThanOrEqual(121);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(3_001);
    expect(Math.max(...groups.map(({ worst }) => worst ?? 0))).toBe(9_000);
    const { series, root } = chartOf(points);
    expect(classed(series, 'mark')).toHaveLength(groups.length);
    expect(classed(series, 'range').length).toBeGreaterThan(100);
    expect(textOf(root)).toContain('from the best to the worst');
  });

  it('leaves out what lies outside of its months and what is no moment', () => {
    expect(groupPoints([point(-1, 1), point(366, 1), { at: 'never', value: 1 }], year)).toEqual([]);
  });

  it('draws an objective in reach, and names one that would flatten the rest', () => {
    const near = chartOf([point(10, 60_000)], { objective: { label: 'objective 2 min', value: 120_000 } });
    expect(classed(near.picture, 'objective-line')).toHaveLength(1);
    const far = chartOf([point(10, 60_000)], { objective: { label: 'objective 2 h', value: 7_200_000 } });
    expect(classed(far.picture, 'objective-line')).toHaveLength(0);
    expect(textOf(far.picture)).toContain('objective 2 h, above the picture');
  });

  it('says that nothing was measured, with its axes', () => {
    const { picture } = chartOf([], { objective: { label: 'objective 0 ms', value: 0 } });
    expect(textOf(picture)).toContain('nothing was measured');
    expect(classed(picture, 'tick').length).toBeGreaterThan(5);
    expect(JSON.stringify(picture)).not.toMatch(/NaN|Infinity/);
  });

  it('is drawn also where every figure is zero', () => {
    const { series, picture } = chartOf([point(10, 0), point(20, 0)]);
    expect(named(series, 'line')).toHaveLength(1);
    expect(JSON.stringify(picture)).not.toMatch(/NaN|Infinity/);
  });

  it('tells series apart by shape, not by colour alone', () => {
    const series = ['recoveries', 'drills', 'tests'].map((name, index) => ({
      name,
      points: [point(10 + index, 1)],
    }));
    const { picture } = chartOf([], { series });
    const shapes = classed(picture, 'mark').map(({ attributes }) => attributes['d']);
    expect(new Set(shapes).size).toBe(3);
  });
});
