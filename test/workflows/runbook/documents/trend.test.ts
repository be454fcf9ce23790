import { describe, expect, it } from 'vitest';
import type { Block, Chart } from '../../../../workflows/contracts/document.ts';
import type { Trend } from '../../../../workflows/contracts/trend.ts';
import { trendDocument } from '../../../../workflows/runbook/documents/trend.ts';

const objective = { rtoMs: 900_000, rpoMs: 60_000 };
const empty: Trend = {
  environment: 'production',
  from: '2025-11-15T00:00:00.000Z',
  to: '2026-02-15T00:00:00.000Z',
  objectives: {
    'database-corruption': objective,
    'application-crash': objective,
    'data-loss': objective,
    'security-breach': objective,
    'complete-failure': objective,
  },
  maxBackupAgeMs: 3_600_000,
  runs: [],
  restores: [],
  backupBytes: [],
  backupAges: [],
  dumpBytes: [],
  leftOut: [],
};

const sectionsOf = (trend: Trend) => trendDocument(trend).sections;
const titles = (trend: Trend) => sectionsOf(trend).map(({ title }) => title);
const blocksOf = (trend: Trend, title: string): readonly Block[] =>
  sectionsOf(trend).find((section) => section.title === title)?.blocks ?? [];
const chartOf = (trend: Trend, title: string): Chart | undefined =>
  blocksOf(trend, title).flatMap((block) => (block.kind === 'chart' ? [block.chart] : []))[0];
const rowsOf = (trend: Trend, title: string) =>
  blocksOf(trend, title).flatMap((block) => (block.kind === 'table' ? block.rows : []));

describe('the figures of months', () => {
  it('name the scenarios that were neither recovered nor drilled, and show the rest empty', () => {
    expect(titles(empty)).toEqual([
      'Neither recovered nor drilled in these months',
      'Restore of an own backup',
      'Size of backups',
      'Age of the newest backup',
    ]);
    expect(rowsOf(empty, 'Size of backups')).toEqual(
      ['2026-02', '2026-01', '2025-12', '2025-11'].map((month) => [month, 'nothing', '', '', '']),
    );
  });

  it('draw drills apart from recoveries, against the objective of their scenario', () => {
    const runs = [
      { at: '2026-01-05T14:00:00Z', kind: 'drill', rtoMs: 600_000, rpoMs: 1_000 },
      { at: '2026-01-20T03:00:00Z', kind: 'recovery', rtoMs: 1_000_000, rpoMs: null },
    ] as const;
    const trend = { ...empty, runs: runs.map((run) => ({ ...run, scenario: 'data-loss' as const })) };
    const chart = chartOf(trend, 'RTO of data-loss');
    expect(chart?.series.map(({ name, points }) => [name, points.map(({ value }) => value)])).toEqual([
      ['recoveries', [1_000_000]],
      ['drills', [600_000]],
    ]);
    expect(chart?.objective?.value).toBe(900_000);
    expect(rowsOf(trend, 'RTO of data-loss')[1]).toEqual([
      '2026-01',
      '2',
      '10 min 00 s',
      '10 min 00 s',
      '16 min 40 s',
      '1',
    ]);
    expect(rowsOf(trend, 'RPO of data-loss')[1]).toEqual([
      '2026-01',
      '1, 1 not known',
      '1 s',
      '1 s',
      '1 s',
      '0',
    ]);
    expect(titles(trend)).not.toContain('RTO of security-breach');
  });

  it('put a table beneath every chart, and say what was left out', () => {
    const trend = { ...empty, leftOut: ['1 of 2 objects could not be read.'] };
    for (const { blocks } of sectionsOf(trend).filter(({ blocks: [first] }) => first?.kind === 'chart')) {
      expect(blocks.map(({ kind }) => kind)).toEqual(['chart', 'table']);
    }
    expect(blocksOf(trend, 'Left out')).toEqual([{ kind: 'list', items: trend.leftOut }]);
  });
});
