import { describe, expect, it } from 'vitest';
import { judgeTables, type TableChange } from '../../../activities/monitoring/judge-tables.ts';
import { monitor } from '../../../worker/monitor.ts';

const change = (rowsBefore: number, rows: number, more: Partial<TableChange> = {}): TableChange => ({
  table: 'public.sales',
  before: {
    table: 'public.sales',
    rows: rowsBefore,
    settledBefore: '900',
    settledRows: rowsBefore,
    fingerprint: null,
  },
  rows,
  gone: Math.max(0, rowsBefore - rows),
  byOneTransaction: 0,
  altered: false,
  ...more,
});

describe('tables, held against how they were', () => {
  it.each([
    ['as they were', change(1_000, 1_000), false, false],
    ['a few deleted', change(1_000, 991), false, false],
    ['many deleted of very many', change(100_000, 99_000), false, false],
    ['a tenth deleted', change(1_000, 900), true, false],
    ['all deleted', change(1_000, 0), true, false],
    ['nine of a dozen deleted', change(12, 3), false, false],
    [
      'more inserted by one transaction than there were',
      change(1_000, 5_000, { byOneTransaction: 4_000 }),
      false,
      false,
    ],
    [
      'all changed by one transaction',
      change(1_000, 1_000, { gone: 1_000, byOneTransaction: 1_000 }),
      false,
      true,
    ],
    [
      'all changed while more come',
      change(1_000, 1_040, { gone: 1_000, byOneTransaction: 1_000 }),
      false,
      true,
    ],
    [
      'all changed, each by its own transaction',
      change(1_000, 1_000, { gone: 1_000, byOneTransaction: 1 }),
      false,
      false,
    ],
    [
      'a third changed by one transaction',
      change(1_000, 1_000, { gone: 330, byOneTransaction: 330 }),
      false,
      false,
    ],
    ['all replaced by as many', change(1_000, 1_000, { gone: 1_000, byOneTransaction: 1_000 }), false, true],
    [
      'half deleted, the rest changed',
      change(1_000, 500, { gone: 1_000, byOneTransaction: 500 }),
      true,
      true,
    ],
    ['ten of a few changed', change(12, 12, { gone: 10, byOneTransaction: 10 }), false, false],
    ['never seen before', { ...change(0, 1_000), before: undefined }, false, false],
    [
      'held against a baseline, which knows rows only',
      { ...change(0, 10), before: { rows: 1_000 }, gone: 0 },
      true,
      false,
    ],
  ])('%s', (_how, changed, missing, inconsistent) => {
    const found = judgeTables([changed], monitor);
    expect([found.missing.length > 0, found.inconsistent.length > 0]).toEqual([missing, inconsistent]);
  });

  it('does not take new rows for those that went missing, until the old ones are back', () => {
    const wentMissing = (rows: number, gone: number) => {
      const { before, ...rest } = change(1_000, rows, { gone });
      if (before === undefined) throw new Error('It is held against nothing.');
      return judgeTables([{ ...rest, before: { ...before, wentMissing: true } }], monitor);
    };
    expect(judgeTables([change(1_000, 500)], monitor).tablesWithMissing).toEqual(['public.sales']);
    expect(wentMissing(980, 500).missing).toEqual([
      'up to 500 of 1000 rows of public.sales, which new ones do not bring back',
    ]);
    expect(wentMissing(2_000, 500).tablesWithMissing).toEqual(['public.sales']);
    expect(wentMissing(1_050, 5).missing).toEqual([]);
  });

  it('takes deletions since a baseline for missing rows, where they are more than usual ones come to', () => {
    const missing = (deleted: number, days: number, table = 'public.sales') => {
      const { before: _, ...rest } = change(1_000, 1_200, { table });
      return judgeTables([{ ...rest, before: { rows: 1_000 }, deleted, days }], monitor).missing;
    };
    expect(missing(100, 1)).toEqual(['100 of 1000 rows of public.sales, deleted since they were recorded']);
    expect(missing(99, 1)).toEqual([]);
    expect(missing(199, 2)).toEqual([]);
    expect(missing(200, 2)).toHaveLength(1);
    expect(missing(1_000, 11)).toEqual([]);
    expect(missing(1_000, 1, 'public.machines')).toEqual([]);
  });

  it('never accepts a change where rows never change, and any where they change at will', () => {
    const inconsistent = (table: string, more: Partial<TableChange>) =>
      judgeTables([change(100, 100, { table, ...more })], monitor).inconsistent;
    expect(inconsistent('public.migrations', { gone: 1 })).toHaveLength(1);
    expect(inconsistent('public.migrations', { altered: true })).toHaveLength(1);
    expect(inconsistent('public.migrations', { rows: 101 })).toEqual([]);
    expect(inconsistent('public.machines', { gone: 100, byOneTransaction: 100 })).toEqual([]);
  });
});
