import { describe, expect, it } from 'vitest';
import { verifyTables } from '../../../activities/database/restored-tables.ts';
import type { LossSurvey, TableLoss } from '../../../workflows/contracts/recovery-point.ts';

const loss = (changes: Partial<TableLoss>): TableLoss => ({
  table: 'public.t',
  present: 10,
  discarded: 0,
  basis: 'commit-timestamp',
  broughtBack: null,
  ...changes,
});

const survey = (...tables: TableLoss[]): LossSurvey => ({
  targetUnix: 1_700_000_000,
  surveyedAt: '2023-11-15T00:00:00.000000Z',
  tables,
  newestCommitAt: null,
  databaseBytes: 1,
});

/** `failed`, or `advisory` where it fails only for a person to judge. */
const verdicts = (
  before: Partial<TableLoss>,
  now: Partial<TableLoss> | undefined,
  alreadyRewound = false,
): Record<string, string> => {
  const after = now === undefined ? survey() : survey(loss(now));
  const { checks } = verifyTables(survey(loss(before)), after, alreadyRewound);
  return Object.fromEntries(
    checks.map(({ name, passed, advisory }) => [
      name.replace(/ (of|in)? ?public.t$/, ''),
      passed ? 'passed' : advisory ? 'advisory' : 'failed',
    ]),
  );
};

describe('a table that is gone after the restore', () => {
  it('passes where it held nothing, or nothing as old as the target', () => {
    const passed = { table: 'passed' };
    expect(verdicts({ present: 0 }, undefined)).toEqual(passed);
    expect(verdicts({ present: 0, discarded: null, basis: 'unknown' }, undefined)).toEqual(passed);
    expect(verdicts({ present: 3, discarded: 3 }, undefined)).toEqual(passed);
    expect(verdicts({ present: 3, discarded: 3, basis: 'column' }, undefined)).toEqual(passed);
    expect(verdicts({ present: 3, discarded: 3, basis: 'unlogged' }, undefined)).toEqual(passed);
  });

  it('fails where rows of it are as old as the target; a person judges where that is not known', () => {
    const failed = { table: 'failed' };
    expect(verdicts({ present: 3, discarded: 2 }, undefined)).toEqual(failed);
    const advisory = { table: 'advisory' };
    expect(verdicts({ present: 3, discarded: 2 }, undefined, true)).toEqual(advisory);
    expect(verdicts({ present: 3, discarded: null, basis: 'unknown' }, undefined)).toEqual(advisory);
    expect(verdicts({ present: 3, discarded: 2, basis: 'column' }, undefined)).toEqual(advisory);
    expect(verdicts({ present: 0, unreadablePages: 2 }, undefined)).toEqual(failed);
  });
});

describe('the counts of a restored table', () => {
  const tooFewAndNewer = { present: 9, discarded: 1 };

  it('fail by commit time', () => {
    expect(verdicts({}, tooFewAndNewer)).toEqual({
      table: 'passed',
      rows: 'failed',
      'nothing newer': 'failed',
    });
  });

  it('are for a person to judge where either survey went by a column', () => {
    const advisory = { table: 'passed', rows: 'advisory', 'nothing newer': 'advisory' };
    expect(verdicts({ basis: 'column' }, { ...tooFewAndNewer, basis: 'column' })).toEqual(advisory);
    expect(verdicts({ basis: 'column' }, tooFewAndNewer)).toEqual(advisory);
    expect(verdicts({}, { ...tooFewAndNewer, basis: 'column' })).toEqual(advisory);
  });

  it('may be too few, but not too new, when the database had been rewound before', () => {
    expect(verdicts({}, tooFewAndNewer, true)).toEqual({
      table: 'passed',
      rows: 'advisory',
      'nothing newer': 'failed',
    });
  });

  it('do not make a page that cannot be read a matter of judgement', () => {
    const unreadable = { present: 10, unreadablePages: 1, basis: 'column' } as const;
    expect(verdicts({ basis: 'column' }, unreadable, true)).toMatchObject({ table: 'failed' });
  });
});
