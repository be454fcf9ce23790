import { describe, expect, it } from 'vitest';
import type { RecoveryReport } from '../../../../workflows/contracts/report.ts';
import type { StepRecord } from '../../../../workflows/contracts/status.ts';
import { improvements } from '../../../../workflows/runbook/documents/improvements.ts';
import { sampleReport, sampleStatus, sampleStep } from '../sample-status.ts';

const met = { objectiveMs: 60_000, measuredMs: 1_000, met: true, basis: 'measured' };
const at = (second: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + second * 1_000).toISOString();

const step = (id: string, from: number, to: number, change: Partial<StepRecord> = {}): StepRecord => ({
  ...sampleStep,
  id,
  title: id,
  startedAt: at(from),
  finishedAt: at(to),
  runs: [{ revision: 1, from: at(from), to: at(to) }],
  ...change,
});

const reportOf = (steps: readonly StepRecord[], change: Partial<RecoveryReport> = {}): RecoveryReport => ({
  ...sampleReport,
  rto: met,
  rpo: met,
  status: { ...sampleStatus, steps },
  finishedAt: at(1_000),
  ...change,
});

const kinds = (report: RecoveryReport) => improvements(report).map(({ kind, step, ms }) => [kind, step, ms]);

describe('what to improve', () => {
  it('is nothing where nothing ran and the objectives were met', () => {
    expect(improvements(reportOf([]))).toEqual([]);
  });

  it('names the slowest step by its own work, without the waits for people', () => {
    const waited = step('approve', 0, 500, {
      waitedForPeopleMs: 480_000,
      waits: [{ from: at(10), to: at(490) }],
    });
    expect(kinds(reportOf([waited, step('restore', 500, 600)]))).toEqual([
      ['slowest-step', 'restore', 100_000],
      ['wait', 'approve', 480_000],
    ]);
    expect(improvements(reportOf([waited, step('restore', 500, 580)]))[0]?.what).toBe(
      'The slowest step was “restore”: 1 min 20 s, 80 % of the work of all steps.',
    );
  });

  it('does not take a wait between two tries for work of the step', () => {
    const retried = step('copy', 0, 100, {
      runs: [
        { revision: 1, from: at(0), to: at(10) },
        { revision: 1, from: at(70), to: at(100) },
      ],
      waitedForPeopleMs: 60_000,
      waits: [{ from: at(10), to: at(70) }],
    });
    expect(kinds(reportOf([retried]))).toEqual([
      ['slowest-step', 'copy', 40_000],
      ['wait', 'copy', 60_000],
      ['retry', 'copy', 40_000],
    ]);
  });

  it('counts a step of a new plan revision as no retry, but tells of the replan', () => {
    const again = step('copy', 0, 30, {
      runs: [
        { revision: 1, from: at(0), to: at(10) },
        { revision: 2, from: at(20), to: at(30) },
      ],
    });
    const report = reportOf([again], { status: { ...sampleStatus, steps: [again], revision: 2 } });
    expect(kinds(report).map(([kind]) => kind)).toEqual(['slowest-step', 'replan']);
  });

  it('tells what was missed, not known, slower than expected, left out or failed, with why', () => {
    const failure = { type: 'mail-refused', happened: 'No server', meaning: '', next: '' };
    const report = reportOf(
      [
        step('restore', 0, 100, { expected: { minMs: 10_000, maxMs: 60_000 } }),
        step('look', 100, 101, { state: 'skipped', summary: 'anna: in a hurry' }),
        step('mail', 101, 102, { state: 'failed', failure }),
      ],
      {
        rto: { objectiveMs: 60_000, measuredMs: 90_000, met: false, basis: '' },
        rpo: { objectiveMs: 60_000, measuredMs: null, met: null, basis: 'no marker came back' },
        brokenGlass: ['anna on restore: alone'],
      },
    );
    const rewound = { ...report, status: { ...report.status, destroyed: true } };
    expect(improvements(rewound).map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
      'objective-missed: Recovery time (RTO) was missed by 30 s: 1 min 30 s instead of 1 min 00 s.',
      'objective-unknown: Data loss (RPO) could not be measured: no marker came back.',
      'slowest-step: The slowest step was “restore”: 1 min 40 s, 98 % of the work of all steps.',
      'slower-than-expected: “restore” took 1 min 40 s; at most 1 min 00 s was expected.',
      'skipped-step: “look” was skipped: anna: in a hurry',
      'failed-step: “mail” failed: No server',
      'no-safety-copy: Production was rewound without a safety copy of what it held.',
      'broken-glass: The glass was broken by anna on restore: alone.',
    ]);
  });

  it('is the same for the same report, and makes do with one that recorded neither runs nor waits', () => {
    const { runs: _runs, ...older } = step('restore', 0, 100, { waitedForPeopleMs: 40_000 });
    const report = reportOf([older]);
    expect(improvements(report)).toEqual(improvements(structuredClone(report)));
    expect(kinds(report)).toEqual([
      ['slowest-step', 'restore', 60_000],
      ['wait', 'restore', 40_000],
    ]);
  });
});
