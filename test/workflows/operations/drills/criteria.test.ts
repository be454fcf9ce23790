import { describe, expect, it } from 'vitest';
import type {
  DataVerdict,
  DrilledTable,
  DrillInspection,
  EndedRecovery,
} from '../../../../workflows/contracts/drills.ts';
import type { RecoveryStatus } from '../../../../workflows/contracts/status.ts';
import { type DrillFindings, judgeCriteria } from '../../../../workflows/operations/drills/criteria.ts';
import { sampleReport, sampleStatus } from '../../runbook/sample-status.ts';

const minute = 60_000;
const brokenAt = '2026-01-01T00:00:00.000Z';
const table: DrilledTable = {
  ...{ table: 'public.sales', expected: 100, missing: 0, altered: 0, surplus: 0 },
  ...{ changedSince: 3, lostAfter: 7 },
};

function endedAfter(ms: number, change: Partial<EndedRecovery> = {}): EndedRecovery {
  const status: RecoveryStatus = {
    ...sampleStatus,
    healthySince: new Date(Date.parse(brokenAt) + ms).toISOString(),
  };
  return {
    run: { workflowId: 'recovery-sandbox', runId: 'r' },
    report: {
      ...sampleReport,
      status,
      outcome: 'recovered',
      rto: { objectiveMs: 30 * minute, measuredMs: ms, met: true, basis: '' },
    },
    left: null,
    ...change,
  };
}

function inspected(change: Partial<DrillInspection> = {}, data: Partial<DrilledTable> = {}): DrillInspection {
  const verdict: DataVerdict = {
    recoveryPointUnix: 1_767_225_590,
    tables: [{ ...table, ...data }],
    lost: [],
  };
  return {
    data: verdict,
    health: { healthy: true, detail: '200' },
    invariants: [{ name: 'users', passed: true, found: '0 violations', expected: '0 violations' }],
    ...change,
  };
}

const good: DrillFindings = {
  brokenAt,
  ended: endedAfter(20 * minute),
  inspection: inspected(),
  cleaned: 'nothing was left',
  left: null,
};
const names = [
  'Recovery completed within RTO',
  'All data restored correctly',
  'Application fully functional',
  'No data loss',
  'Nothing of the drill left behind',
];
const notMet = (findings: Partial<DrillFindings>) =>
  judgeCriteria({ ...good, ...findings }).flatMap(({ name, passed }) => (passed ? [] : [name]));

describe('the success criteria of a drill', () => {
  it('are the procedure’s in its order, and are met one by one', () => {
    expect(judgeCriteria(good).map(({ name, passed }) => [name, passed])).toEqual(
      names.map((name) => [name, true]),
    );
  });

  it('list what was written after the recovery point and is lost, which is no loss by the procedure', () => {
    const lost = judgeCriteria(good).find(({ name }) => name === 'No data loss');
    expect(lost?.found).toContain('7 written after it and before the fault are lost');
  });

  it('count recovery time from the fault, whatever the report says', () => {
    expect(notMet({ ended: endedAfter(31 * minute) })).toEqual([names[0]]);
    expect(judgeCriteria(good)[0]).toMatchObject({ measured: 20 * minute });
  });

  it('are not met by a recovery that did not recover', () => {
    const report = { ...sampleReport, outcome: 'undone' } as const;
    expect(notMet({ ended: endedAfter(minute, { report }) })).toEqual([names[0]]);
    expect(notMet({ ended: endedAfter(minute, { report: null }) })).toEqual([names[0]]);
  });

  it.each([
    ['a missing row', { missing: 1 }, [names[1], names[3]]],
    ['an altered row', { altered: 1 }, [names[1]]],
    ['a surplus row', { surplus: 1 }, [names[1]]],
  ])('are not met by %s', (_what, data, failed) => {
    expect(notMet({ inspection: inspected({}, data) })).toEqual(failed);
  });

  it('ask of a rebuild from a backup that it showed a moment within the RPO', () => {
    const { report } = endedAfter(minute);
    const rebuilt = (backupAgeMs: number) => {
      const status = { ...(report?.status ?? sampleStatus), scenario: 'complete-failure' } as const;
      const rpo = { objectiveMs: 60 * minute, measuredMs: null, met: null, basis: '' };
      const inspection = inspected();
      const data = { ...inspection.data, recoveryPointUnix: (Date.parse(brokenAt) - backupAgeMs) / 1000 };
      const ended = endedAfter(minute, { report: { ...sampleReport, ...report, status, rpo } });
      return notMet({ ended, inspection: { ...inspection, data } });
    };
    expect(rebuilt(59 * minute)).toEqual([]);
    expect(rebuilt(61 * minute)).toEqual([names[3]]);
  });

  it('ask for an application that works for its users, with nothing left in force', () => {
    const health = { healthy: false, detail: '503' };
    const invariants = [{ name: 'users', passed: false, found: '3 violations', expected: '0 violations' }];
    const left = {
      measures: [{ step: 'fence-database', inForce: 'database fenced', since: brokenAt }],
      facts: {},
      destroyed: true,
    };
    expect(notMet({ inspection: inspected({ health }) })).toEqual([names[2]]);
    expect(notMet({ inspection: inspected({ invariants }) })).toEqual([names[2]]);
    expect(notMet({ ended: endedAfter(minute, { left }) })).toEqual([names[2]]);
  });

  it('are none of them met by what was not looked at', () => {
    expect(notMet({ brokenAt: null, ended: null, inspection: null, cleaned: null })).toEqual(names);
  });

  it('say why something is left', () => {
    const left = judgeCriteria({ ...good, cleaned: null, left: 'the mail server burns' }).at(-1);
    expect(left).toMatchObject({ passed: false, found: expect.stringContaining('the mail server burns') });
  });
});
