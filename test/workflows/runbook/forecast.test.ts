import { describe, expect, test } from 'vitest';
import type { StepRecord } from '../../../workflows/contracts/status.ts';
import { type ForecastInput, forecastRto } from '../../../workflows/runbook/forecast.ts';
import { forecastInOneLine, missInOneLine } from '../../../workflows/runbook/forecast-text.ts';
import { sampleGate, sampleStep } from './sample-status.ts';

const minute = 60_000;
const incidentMs = Date.parse('2026-01-01T00:00:00.000Z');
const at = (minutes: number) => incidentMs + minutes * minute;
const moment = (minutes: number) => new Date(at(minutes)).toISOString();

const measured = (minMinutes: number, maxMinutes: number) => ({
  minMs: minMinutes * minute,
  maxMs: maxMinutes * minute,
  measured: { runs: 3, of: 'recoveries' as const },
});
const step = (id: string, changes: Partial<StepRecord>): StepRecord => ({
  ...sampleStep,
  id,
  title: id,
  state: 'pending',
  startedAt: null,
  finishedAt: null,
  ...changes,
});

const stop = step('stop', { expected: measured(1, 2) });
const restore = step('restore', { kind: 'destructive', expected: { minMs: 5 * minute, maxMs: 15 * minute } });
const look = step('look', { kind: 'manual' });
const start = step('start', { expected: measured(2, 4) });
const watch = step('watch', { kind: 'check', expected: measured(3, 3), watchesMs: 2 * minute });
const mail = step('mail', { expected: measured(60, 60) });
const all = [stop, restore, look, start, watch, mail];

const run: ForecastInput = {
  steps: all,
  open: null,
  incidentAt: moment(0),
  objective: { rtoMs: 30 * minute, rpoMs: 0 },
  outcome: null,
  phase: 'preparing',
};
const gate = { ...sampleGate, step: 'restore', question: 'Rewind?' };
const waiting = {
  ...run,
  open: gate,
  steps: [{ ...restore, state: 'waiting' as const }, look, start, watch],
};

describe('the foreseen end of the recovery time', () => {
  test('is now and the medians of the steps until users have the application back', () => {
    expect(forecastRto(run, at(5))).toEqual({
      verdict: 'in-time',
      deadlineAt: moment(30),
      // 1 of stop, 10 as the middle of the policy's range, 2 of start, 1 of watch before it goes on watching.
      endsAt: moment(5 + 14),
      worstEndsAt: moment(5 + 22),
      answerBy: moment(30 - 14),
      measuredSteps: 3,
      policySteps: 1,
      unknownSteps: [],
      waitsForPeople: ['restore', 'look'],
      overrun: null,
      options: [],
    });
  });

  test.each<[string, Partial<ForecastInput>, number, string, number]>([
    ['in time to the last moment', {}, 16, 'in-time', 30],
    ['missed one moment later', {}, 16 + 1 / minute, 'will-be-missed', 30 + 1 / minute],
    ['missed already', {}, 30 + 1 / minute, 'missed', 44 + 1 / minute],
    ['not judged where the incident is unknown', { incidentAt: null }, 40, 'unknown', 54],
    ['moved on by an open gate', waiting, 17, 'in-time', 30],
    ['missed by a gate that is open for too long', waiting, 18, 'will-be-missed', 31],
    [
      'nearer by what a running step has worked, without what it waited',
      {
        steps: [
          {
            ...restore,
            state: 'running',
            startedAt: moment(0),
            waits: [{ from: moment(1), to: moment(4) }],
          },
          watch,
        ],
      },
      10,
      'in-time',
      10 + 3 + 1,
    ],
    [
      'not before now where a step runs longer than it ever did',
      { steps: [{ ...start, state: 'running', startedAt: moment(0) }, watch] },
      10,
      'in-time',
      10 + 1,
    ],
    [
      'that of the steps which are needed',
      {
        steps: [
          { ...restore, foreseen: false },
          { ...start, state: 'not-needed' },
          { ...stop, state: 'done' },
          watch,
        ],
      },
      0,
      'in-time',
      1,
    ],
    [
      'with the whole of a step that failed',
      { steps: [{ ...start, state: 'failed' }, watch] },
      1,
      'in-time',
      4,
    ],
    ['blind to what nobody knows', { steps: [{ ...stop, expected: null }, watch] }, 1, 'in-time', 2],
  ])('is %s', (_, changes, minutes, verdict, endMinutes) => {
    expect(forecastRto({ ...run, ...changes }, at(minutes))).toMatchObject({
      verdict,
      endsAt: moment(endMinutes),
    });
  });

  test.each<[string, Partial<ForecastInput>]>([
    ['users have the application back', { healthySince: moment(4) }],
    ['the run has ended', { outcome: 'undone' }],
    ['everything is being undone', { phase: 'undoing' }],
    ['no step is left that brings it back', { steps: [{ ...watch, state: 'skipped' }, mail] }],
  ])('is none where %s', (_, changes) => {
    expect(forecastRto({ ...run, ...changes }, at(5))).toBeNull();
  });

  test('names what it does not know, and a step that takes longer than it ever did', () => {
    const forecast = forecastRto(
      {
        ...run,
        steps: [
          { ...start, state: 'running', startedAt: moment(0) },
          step('ask around', { expected: null }),
          look,
          watch,
        ],
      },
      at(10),
    );
    expect(forecast).toMatchObject({
      overrun: 'start',
      unknownSteps: ['ask around'],
      waitsForPeople: ['look'],
    });
    expect(forecast && forecastInOneLine(forecast)).toBe(
      'users have the application back at 2026-01-01 00:11:00 UTC, 19 min 00 s before the RTO, at worst at 2026-01-01 00:11:00 UTC (medians of 2 measured steps, 1 not known and not counted, not counted: waiting for people in 1, "start" takes longer than it ever did)',
    );
    expect(forecast && missInOneLine(forecast)).toBeNull();
  });

  test('says what could be done while there is time to act', () => {
    const failed = {
      ...waiting,
      open: {
        ...gate,
        kind: 'failed-step' as const,
        answers: ['retry', 'skip', 'go-over', 'abort'] as const,
        consequences: ['does it again', 'is left out', 'rebuilds elsewhere', 'is undone'],
      },
    };
    const forecast = forecastRto(failed, at(20));
    expect(forecast?.options).toEqual([
      'answer now: "Rewind?"',
      'skip: is left out',
      'go-over: rebuilds elsewhere',
      'be ready to answer at once: look',
      'the longest of what remains is "restore", 10 min 00 s',
    ]);
    expect(forecast && missInOneLine(forecast)).toMatch(
      /^The RTO will be missed\. Possible: answer now: "Rewind\?"; /,
    );
    expect(forecastRto(failed, at(31))?.options).toEqual([]);
  });
});
