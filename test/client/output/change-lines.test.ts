import { describe, expect, it } from 'vitest';
import { changeLines } from '../../../client/output/change-lines.ts';
import type { RtoVerdict } from '../../../workflows/contracts/forecast.ts';
import type { RecoveryStatus, StepRecord } from '../../../workflows/contracts/status.ts';

const step: StepRecord = {
  id: 'stop-application',
  kind: 'action',
  title: 'Stop the application',
  state: 'pending',
  summary: null,
  startedAt: null,
  finishedAt: null,
  waitedForPeopleMs: 0,
  expected: null,
  failure: null,
};
const status: RecoveryStatus = {
  environment: 'production',
  scenario: 'data-loss',
  title: 'Data loss',
  workflowId: 'recovery-production',
  runId: 'run',
  startedBy: 'anna',
  startedAt: '2025-11-29T03:20:00Z',
  incidentAt: null,
  reason: 'sales are gone',
  phase: 'preparing',
  revision: 1,
  project: null,
  steps: [step],
  open: null,
  plan: null,
  measures: [],
  decisions: [],
  warnings: [],
  objective: { rtoMs: 1, rpoMs: 1 },
  waitedForPeopleMs: 0,
  safeState: 'as found',
  destroyed: false,
  outcome: null,
};
const now = new Date('2025-11-29T03:30:00.500Z');

describe('the log of a watched run', () => {
  it('has no line for a look at which nothing changed', () => {
    expect(changeLines(status, { ...status }, now)).toEqual([]);
  });

  it('begins with the phase, and leaves out what has not begun', () => {
    expect(changeLines(null, status, now)).toEqual(['2025-11-29 03:30:00 UTC  phase preparing']);
  });

  it('tells how long a step took and what it found', () => {
    const done: StepRecord = {
      ...step,
      state: 'done',
      summary: 'stopped',
      startedAt: '2025-11-29T03:29:00Z',
      finishedAt: '2025-11-29T03:29:12Z',
    };
    expect(changeLines(status, { ...status, steps: [done] }, now)).toEqual([
      '2025-11-29 03:30:00 UTC  stop-application: done in 12 s: stopped',
    ]);
  });

  it('tells of a failure in the words of the failure', () => {
    const failure = { type: 'provider-refused', happened: 'Railway said no.', meaning: 'm', next: 'n' };
    const failed: StepRecord = { ...step, state: 'failed', summary: 'earlier finding', failure };
    expect(changeLines(status, { ...status, steps: [failed] }, now)).toEqual([
      '2025-11-29 03:30:00 UTC  stop-application: failed: Railway said no.',
    ]);
  });

  it('tells of a warning once', () => {
    const warned = { ...status, warnings: ['no safety copy'] };
    expect(changeLines(status, warned, now)).toEqual(['2025-11-29 03:30:00 UTC  warning: no safety copy']);
    expect(changeLines(warned, warned, now)).toEqual([]);
  });

  it('warns once when it turns out that the RTO will be missed; time alone is no change', () => {
    const foreseen = (verdict: RtoVerdict, minute: number): RecoveryStatus => ({
      ...status,
      rtoForecast: {
        verdict,
        deadlineAt: '2025-11-29T03:40:00.000Z',
        endsAt: `2025-11-29T03:${minute}:00.000Z`,
        worstEndsAt: '2025-11-29T03:59:00.000Z',
        answerBy: '2025-11-29T03:31:00.000Z',
        measuredSteps: 2,
        policySteps: 0,
        unknownSteps: [],
        waitsForPeople: [],
        overrun: null,
        options: ['answer now: "Rewind?"'],
      },
    });
    expect(changeLines(status, foreseen('in-time', 39), now)).toEqual([]);
    expect(changeLines(foreseen('in-time', 39), foreseen('will-be-missed', 41), now)).toEqual([
      '2025-11-29 03:30:00 UTC  warning: The RTO will be missed. Possible: answer now: "Rewind?". Foreseen: users have the application back at 2025-11-29 03:41:00 UTC, 1 min 00 s AFTER the RTO, at worst at 2025-11-29 03:59:00 UTC (medians of 2 measured steps)',
    ]);
    expect(changeLines(foreseen('will-be-missed', 41), foreseen('will-be-missed', 42), now)).toEqual([]);
  });
});
