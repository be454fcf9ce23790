import type { RtoForecast, RtoVerdict } from '../contracts/forecast.ts';
import type { RecoveryStatus, StepRecord } from '../contracts/status.ts';
import { waitedMs } from '../contracts/waited.ts';
import { duration } from './format.ts';

/** A run as far as its forecast needs it. */
export type ForecastInput = Pick<
  RecoveryStatus,
  'steps' | 'open' | 'incidentAt' | 'objective' | 'healthySince' | 'outcome' | 'phase'
>;

/** What is left of a step, ms; null where nobody knows how long it takes. */
interface Remainder {
  readonly step: StepRecord;
  readonly usualMs: number | null;
  readonly worstMs: number;
}

/**
 * Foresees the end of the recovery time from the steps that remain until users have the application back. Pure: whoever
 * shows it computes it for the present moment, since an open question moves the end.
 *
 * @param nowMs Unix time
 * @returns null where the recovery time has ended, the run has, or no step is left to count
 */
export function forecastRto(run: ForecastInput, nowMs: number): RtoForecast | null {
  if (run.outcome !== null || run.phase === 'undoing' || run.healthySince !== undefined) return null;
  const remainders = stepsToCount(run.steps).map((step) => remainderOf(step, nowMs));
  if (remainders.length === 0) return null;
  const usualMs = remainders.reduce((sum, { usualMs: ms }) => sum + (ms ?? 0), 0);
  const worstMs = remainders.reduce((sum, { worstMs: ms }) => sum + ms, 0);
  const deadlineMs = run.incidentAt === null ? null : Date.parse(run.incidentAt) + run.objective.rtoMs;
  const verdict = judge(deadlineMs, nowMs, usualMs);
  const known = remainders.filter(({ usualMs: ms }) => ms !== null);
  const measured = known.filter(({ step }) => step.expected?.measured !== undefined).length;
  return {
    verdict,
    deadlineAt: deadlineMs === null ? null : moment(deadlineMs),
    endsAt: moment(nowMs + usualMs),
    worstEndsAt: moment(nowMs + worstMs),
    answerBy: deadlineMs === null ? null : moment(deadlineMs - usualMs),
    measuredSteps: measured,
    policySteps: known.length - measured,
    unknownSteps: remainders.flatMap(({ step, usualMs: ms }) =>
      ms === null && step.kind !== 'manual' ? [step.title] : [],
    ),
    waitsForPeople: remainders.flatMap(({ step }) =>
      waitsForPerson(step) || step.id === run.open?.step ? [step.title] : [],
    ),
    overrun: remainders.find(({ step }) => isOverrun(step, nowMs))?.step.title ?? null,
    options: verdict === 'will-be-missed' ? options(run, remainders) : [],
  };
}

/** The run with its forecast for the present moment instead of that of its last event. */
export function foreseenAt(status: RecoveryStatus, nowMs: number): RecoveryStatus {
  return { ...status, rtoForecast: forecastRto(status, nowMs) };
}

function judge(deadlineMs: number | null, nowMs: number, usualMs: number): RtoVerdict {
  if (deadlineMs === null) return 'unknown';
  if (nowMs > deadlineMs) return 'missed';
  return nowMs + usualMs > deadlineMs ? 'will-be-missed' : 'in-time';
}

/** Up to the step after which users have the application back: what comes later costs them nothing. */
function stepsToCount(steps: readonly StepRecord[]): readonly StepRecord[] {
  const back = steps.findLastIndex((step) => step.watchesMs !== undefined && mayCome(step));
  return steps.slice(0, back + 1).filter(mayCome);
}

function mayCome({ state, foreseen }: StepRecord): boolean {
  if (state === 'pending') return foreseen !== false;
  return state === 'running' || state === 'waiting' || state === 'failed';
}

/** The whole step while it waits or has failed, since it is done once the answer is there. */
function remainderOf(step: StepRecord, nowMs: number): Remainder {
  const { expected, watchesMs = 0 } = step;
  if (expected === null || step.kind === 'manual') return { step, usualMs: null, worstMs: 0 };
  const { minMs, maxMs, measured } = expected;
  const goneMs = watchesMs + workedMs(step, nowMs);
  const usualMs = measured === undefined ? (minMs + maxMs) / 2 : minMs;
  return { step, usualMs: Math.max(0, usualMs - goneMs), worstMs: Math.max(0, maxMs - goneMs) };
}

function isOverrun(step: StepRecord, nowMs: number): boolean {
  return step.expected !== null && step.kind !== 'manual' && workedMs(step, nowMs) > step.expected.maxMs;
}

/** How long a running step has worked by now, without the waits for people within it. */
function workedMs({ state, startedAt, waits = [] }: StepRecord, nowMs: number): number {
  if (state !== 'running' || startedAt === null) return 0;
  const from = Date.parse(startedAt);
  return Math.max(0, nowMs - from - waitedMs(waits, from, Number.POSITIVE_INFINITY));
}

/** A gate that was passed waits for nobody any more. */
function waitsForPerson({ kind, state }: StepRecord): boolean {
  return kind === 'manual' || (kind === 'destructive' && state !== 'running');
}

function options({ open }: ForecastInput, remainders: readonly Remainder[]): string[] {
  const longest = remainders.toSorted((a, b) => (b.usualMs ?? 0) - (a.usualMs ?? 0))[0];
  const ahead = remainders.filter(({ step }) => waitsForPerson(step) && step.id !== open?.step);
  return [
    ...(open === null ? [] : [`answer now: "${open.question}"`]),
    ...(open?.answers ?? []).flatMap((kind, index) =>
      kind === 'skip' || kind === 'go-over' ? [`${kind}: ${open?.consequences[index] ?? ''}`] : [],
    ),
    ...(ahead.length === 0
      ? []
      : [`be ready to answer at once: ${ahead.map(({ step }) => step.title).join('; ')}`]),
    ...(longest?.usualMs
      ? [`the longest of what remains is "${longest.step.title}", ${duration(longest.usualMs)}`]
      : []),
  ];
}

function moment(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
