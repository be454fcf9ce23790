import type { Improvement, MeasuredObjective, RecoveryReport } from '../../contracts/report.ts';
import type { StepRecord } from '../../contracts/status.ts';
import { duration } from '../format.ts';
import { ranMs, triesOf, workedMs } from './step-times.ts';

/** No person answers sooner: a shorter wait is an answer that was there already, and nothing to improve. */
const shortestWaitMs = 1_000;

/**
 * What the next recovery could do better: objectives that were missed, the slowest step, waits for people, tries, what
 * was left out. Calculated from the report alone, so that Markdown, JSON and page say the same.
 *
 * @param report a report, or as much of it as is known; its own list of improvements is not looked at
 * @returns what cost most first, within each kind
 */
export function improvements(report: Omit<RecoveryReport, 'improvements'>): readonly Improvement[] {
  const { steps } = report.status;
  return [
    ...objective('Recovery time (RTO)', report.rto),
    ...objective('Data loss (RPO)', report.rpo),
    ...slowest(report),
    ...steps.flatMap((step) => slowerThanExpected(step, report.finishedAt)),
    ...waits(report),
    ...replans(report),
    ...steps.flatMap((step) => [...retries(step, report.finishedAt), ...leftOut(step)]),
    ...safetyCopy(report),
    ...report.brokenGlass.map((line) => said('broken-glass', `The glass was broken by ${line}.`)),
  ];
}

function objective(name: string, { objectiveMs, measuredMs, met, basis }: MeasuredObjective): Improvement[] {
  if (met === null || measuredMs === null) {
    return [said('objective-unknown', `${name} could not be measured: ${basis}.`)];
  }
  if (met) return [];
  const overMs = measuredMs - objectiveMs;
  const what = `${name} was missed by ${duration(overMs)}: ${duration(measuredMs)} instead of ${duration(objectiveMs)}.`;
  return [{ kind: 'objective-missed', step: null, what, ms: overMs }];
}

/** The step that worked longest, waiting for people apart. */
function slowest({ status: { steps }, finishedAt }: Pick<RecoveryReport, 'status' | 'finishedAt'>) {
  const worked = steps.map((step) => ({ step, ms: workedMs(step, finishedAt) }));
  const totalMs = worked.reduce((sum, { ms }) => sum + ms, 0);
  const [most] = worked.toSorted((a, b) => b.ms - a.ms);
  if (most === undefined || most.ms === 0) return [];
  const { title, id } = most.step;
  const share = Math.round((100 * most.ms) / totalMs);
  const what = `The slowest step was “${title}”: ${duration(most.ms)}, ${share} % of the work of all steps.`;
  return [{ kind: 'slowest-step', step: id, what, ms: most.ms } as const];
}

function slowerThanExpected(step: StepRecord, endAt: string): Improvement[] {
  if (step.expected === null || step.state !== 'done') return [];
  const ms = workedMs(step, endAt);
  const overMs = ms - step.expected.maxMs;
  if (overMs <= 0) return [];
  const what = `“${step.title}” took ${duration(ms)}; at most ${duration(step.expected.maxMs)} was expected.`;
  return [{ kind: 'slower-than-expected', step: step.id, what, ms: overMs }];
}

function waits({ status: { steps } }: Pick<RecoveryReport, 'status'>): Improvement[] {
  return steps
    .filter(({ waitedForPeopleMs }) => waitedForPeopleMs >= shortestWaitMs)
    .toSorted((a, b) => b.waitedForPeopleMs - a.waitedForPeopleMs)
    .map(({ id, title, waitedForPeopleMs: ms }) => ({
      kind: 'wait',
      step: id,
      what: `“${title}” waited ${duration(ms)} for people.`,
      ms,
    }));
}

function replans({ status: { revision } }: Pick<RecoveryReport, 'status'>): Improvement[] {
  if (revision === 1) return [];
  return [
    said('replan', `The plan was made ${revision} times: the first recovery point was not the right one.`),
  ];
}

/** Only the last plan revision: what an earlier one tried is told by the replan. */
function retries(step: StepRecord, endAt: string): Improvement[] {
  const tries = triesOf(step);
  if (tries < 2) return [];
  const ms = ranMs(step, endAt);
  const what = `“${step.title}” was tried ${tries} times, ${duration(ms)} in all.`;
  return [{ kind: 'retry', step: step.id, what, ms }];
}

function leftOut({ id, title, state, summary, failure }: StepRecord): Improvement[] {
  const why = failure?.happened ?? summary;
  const because = why === null || why === '' ? '.' : `: ${why}`;
  if (state === 'failed') return [{ ...said('failed-step', `“${title}” failed${because}`), step: id }];
  if (state !== 'skipped' && state !== 'rejected') return [];
  return [{ ...said('skipped-step', `“${title}” was ${state}${because}`), step: id }];
}

function safetyCopy({ status, safetyCopies }: Pick<RecoveryReport, 'status' | 'safetyCopies'>) {
  if (!status.destroyed || safetyCopies.length > 0) return [];
  return [said('no-safety-copy', 'Production was rewound without a safety copy of what it held.')];
}

function said(kind: Improvement['kind'], what: string): Improvement {
  return { kind, step: null, what, ms: null };
}
