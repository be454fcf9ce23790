import { describe, expect, it } from 'vitest';
import type { StepRecord } from '../../../../workflows/contracts/status.ts';
import { spansOf, triesOf, workedMs } from '../../../../workflows/runbook/documents/step-times.ts';
import { sampleStep } from '../sample-status.ts';

const at = (second: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + second * 1_000).toISOString();
const end = at(100);
const seconds = (moment: string) => (Date.parse(moment) - Date.parse(at(0))) / 1_000;
const drawn = (step: StepRecord) =>
  spansOf(step, end).map(({ from, to, kind }) => [kind, seconds(from), seconds(to)]);

const running = { ...sampleStep, startedAt: at(0), finishedAt: null };

describe('the times of a step', () => {
  it('are none before it begins', () => {
    const pending = { ...sampleStep, startedAt: null, finishedAt: null };
    expect(drawn(pending)).toEqual([]);
    expect(triesOf(pending)).toBe(0);
    expect(workedMs(pending, end)).toBe(0);
  });

  it('cut each wait out of the run that it falls into', () => {
    const step = {
      ...running,
      runs: [{ revision: 1, from: at(0), to: at(50) }],
      waits: [
        { from: at(10), to: at(20) },
        { from: at(30), to: at(40) },
      ],
    };
    expect(drawn(step)).toEqual([
      ['work', 0, 10],
      ['wait', 10, 20],
      ['work', 20, 30],
      ['wait', 30, 40],
      ['work', 40, 50],
    ]);
    expect(workedMs(step, end)).toBe(30_000);
  });

  it('end with the report where the step did not', () => {
    expect(drawn(running)).toEqual([['work', 0, 100]]);
    const begunTwice = {
      ...running,
      runs: [
        { revision: 1, from: at(0), to: null },
        { revision: 2, from: at(60), to: null },
      ],
    };
    expect(drawn(begunTwice)).toEqual([
      ['work', 0, 60],
      ['work', 60, 100],
    ]);
    expect(triesOf(begunTwice)).toBe(1);
  });

  it('show a wait of unknown moment at the end of the run', () => {
    const step = { ...running, finishedAt: at(50), waitedForPeopleMs: 20_000 };
    expect(drawn(step)).toEqual([
      ['work', 0, 30],
      ['wait', 30, 50],
    ]);
  });

  it('pass over moments that cannot be read or lie the wrong way round', () => {
    expect(drawn({ ...running, startedAt: 'yesterday' })).toEqual([]);
    expect(drawn({ ...running, startedAt: at(50), finishedAt: at(10) })).toEqual([]);
  });
});
