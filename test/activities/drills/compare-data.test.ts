import { describe, expect, it } from 'vitest';
import { compareData } from '../../../activities/drills/compare-data.ts';
import type { KnownRow, Truth } from '../../../activities/drills/truth.ts';

const second = (at: number) => at * 1e6;
/** Second 100 is the recovery point, the truth is of second 110, writers are back since second 200. */
const truthOf = (rows: readonly KnownRow[]): Truth => ({
  takenAt: new Date(110_000).toISOString(),
  tables: [{ table: 'public.sales', rows }],
});
const known: readonly KnownRow[] = [
  ['(1)', 'a', null],
  ['(2)', 'b', second(99)],
  ['(3)', 'c', second(105)],
];
const compared = (now: readonly KnownRow[], recoveryPointUnix: number | null = 100) =>
  compareData({
    truth: truthOf(known),
    now: truthOf(now),
    recoveryPoint: recoveryPointUnix === null ? null : { unix: recoveryPointUnix, of: 'restore' },
    backMicros: second(recoveryPointUnix === null ? 110 : 200),
  });
const good = { expected: 2, missing: 0, altered: 0, surplus: 0, changedSince: 0, lostAfter: 1 };

describe('restored data against what was recorded before the fault', () => {
  it('is right when everything up to the recovery point is there, and what came later is listed as lost', () => {
    const { tables, lost } = compared(known.slice(0, 2));
    expect(tables).toEqual([{ table: 'public.sales', ...good }]);
    expect(lost).toEqual([
      { table: 'public.sales', key: '(3)', committedAt: new Date(105_000).toISOString() },
    ]);
  });

  it.each([
    ['a row that did not come back', [known[0]], { missing: 1 }],
    ['a row with the content that the fault gave it', [known[0], ['(2)', 'x', second(108)]], { altered: 1 }],
    ['a row that the fault made', [...known.slice(0, 2), ['(9)', 'x', second(108)]], { surplus: 1 }],
    ['a row of after the recovery point that is still there', known, { surplus: 1, lostAfter: 0 }],
    [
      'a row that the application changed since it is back',
      [known[0], ['(2)', 'x', second(250)]],
      { changedSince: 1 },
    ],
    ['new business', [...known.slice(0, 2), ['(9)', 'x', second(250)]], {}],
  ] as const)('tells %s', (_what, now, found) => {
    const rows = now.flatMap((row): KnownRow[] => (row === undefined ? [] : [row]));
    expect(compared(rows).tables).toEqual([{ table: 'public.sales', ...good, ...found }]);
  });

  it('lists what is lost also where its key was taken by later business, or is there as it was before', () => {
    for (const there of [second(250), second(99)]) {
      const { tables, lost } = compared([...known.slice(0, 2), ['(3)', 'x', there]]);
      expect(tables).toEqual([{ table: 'public.sales', ...good }]);
      expect(lost.map(({ key }) => key)).toEqual(['(3)']);
    }
  });

  it('lets a backup lack what was being committed when it was taken, and nothing older', () => {
    const rebuilt = (now: readonly KnownRow[]) =>
      compareData({
        truth: truthOf([
          ['(1)', 'a', second(98.9)],
          ['(2)', 'b', second(99.5)],
        ]),
        now: truthOf(now),
        recoveryPoint: { unix: 100, of: 'backup' },
        backMicros: second(200),
      }).tables[0];
    const [first, being]: readonly KnownRow[] = [
      ['(1)', 'a', second(199)],
      ['(2)', 'b', second(199)],
    ];
    if (first === undefined || being === undefined) throw new Error('There are two rows.');
    expect(rebuilt([first, being])).toMatchObject({ expected: 2, missing: 0, surplus: 0, lostAfter: 0 });
    expect(rebuilt([first])).toMatchObject({ expected: 1, missing: 0, lostAfter: 1 });
    expect(rebuilt([being])).toMatchObject({ expected: 2, missing: 1, lostAfter: 0 });
  });

  it('takes what the application did meanwhile for business where nothing was rewound', () => {
    const now: readonly KnownRow[] = [...known, ['(4)', 'd', second(112)]];
    expect(compared(now, null).tables).toEqual([
      { table: 'public.sales', ...good, expected: 3, lostAfter: 0 },
    ]);
    expect(compared(known.slice(1), null).tables[0]).toMatchObject({ missing: 1 });
  });
});
