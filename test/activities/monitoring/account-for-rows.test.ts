import { describe, expect, it } from 'vitest';
import {
  accountForRows,
  deletedAtLeast,
  type SettledChange,
} from '../../../activities/monitoring/account-for-rows.ts';

const counters = (deleted: number, updated = 0, since = 'one history') => ({ since, updated, deleted });
const before = { settledBefore: '900', settledRows: 1_000, counters: counters(50) };
const change = (gone: number, more: Partial<SettledChange> = {}): SettledChange => ({
  table: 'public.sales',
  before,
  gone,
  doubt: undefined,
  doubtedGone: gone,
  counters: counters(50),
  ...more,
});
const seen = (completeToMs: number) => ({ completeToMs, seenAtMs: 1_000, atLeast: 10 });

describe('rows that are gone, held against what the server counted', () => {
  it.each([
    ['none', change(0), false],
    ['deleted', change(300, { counters: counters(350) }), false],
    ['changed', change(300, { counters: counters(50, 300) }), false],
    ['some deleted, the rest changed', change(300, { counters: counters(150, 200) }), false],
    ['fewer than are many', change(9), false],
    ['not counted', change(300), true],
    ['some counted', change(300, { counters: counters(250) }), true],
    ['in another history', change(300, { counters: counters(50, 0, 'another') }), false],
    ['where nothing is counted', change(300, { counters: undefined }), false],
    ['where nothing is known of before', change(300, { before: undefined }), false],
  ])('%s: a doubt, and never more at once', (_how, changed, doubted) => {
    const { doubt, lost } = accountForRows(changed, seen(9_000));
    expect([doubt !== undefined, lost]).toEqual([doubted, 0]);
  });

  const doubt = { table: 'public.sales', ...before, gone: 300, seenAtMs: 1_000 };
  const again = (more: Partial<SettledChange>, completeToMs: number) =>
    accountForRows(change(0, { doubt, doubtedGone: 300, ...more }), seen(completeToMs));

  it('are lost once everything from before they were seen gone is counted', () => {
    expect(again({}, 1_000)).toEqual({ doubt, lost: 0 });
    expect(again({}, 1_001)).toEqual({ doubt, lost: 300 });
    expect(again({ counters: counters(60, 30) }, 1_001)).toEqual({ doubt, lost: 260 });
  });

  it.each([
    ['were deleted, as is counted late', { counters: counters(350) }],
    ['are back', { doubtedGone: 0 }],
    ['were of another history', { counters: counters(50, 0, 'another') }],
    ['can be told from others no more', { counters: undefined }],
  ])('are doubted no more when they %s', (_how, more) => {
    expect(again(more, 9_000)).toEqual({ doubt: undefined, lost: 0 });
  });

  it('were deleted, as far as updates do not account for them and the server counted it', () => {
    expect(deletedAtLeast(300, counters(50), counters(400))).toBe(300);
    expect(deletedAtLeast(300, counters(50), counters(150))).toBe(100);
    expect(deletedAtLeast(300, counters(50), counters(400, 250))).toBe(50);
    expect(deletedAtLeast(300, counters(50), counters(400, 900))).toBe(0);
    expect(deletedAtLeast(300, counters(50), counters(400, 0, 'another'))).toBeUndefined();
  });
});
