import type { TimelineSpan } from '../../contracts/document.ts';
import type { StepRecord } from '../../contracts/status.ts';
import { waitedMs } from '../../contracts/waited.ts';

/** A stretch of time, ms since 1970. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** How often the step was begun in the plan revision that counts; 0 where it never was. */
export function triesOf({ runs = [], startedAt }: StepRecord): number {
  const last = runs.at(-1);
  if (last === undefined) return startedAt === null ? 0 : 1;
  return runs.filter(({ revision }) => revision === last.revision).length;
}

/** How long all its runs took together, waits included, ms. */
export function ranMs(step: StepRecord, endAt: string): number {
  return total(runsOf(step, endAt));
}

/** How long it worked: its runs without the waits for people that fell into them, ms. */
export function workedMs(step: StepRecord, endAt: string): number {
  const runs = runsOf(step, endAt);
  if (step.waits === undefined) return Math.max(0, total(runs) - step.waitedForPeopleMs);
  const { waits } = step;
  return total(runs) - runs.reduce((sum, { from, to }) => sum + waitedMs(waits, from, to), 0);
}

/**
 * Its runs and waits as a picture shows them, oldest first; a wait is cut out of the run that it falls into. Where it is
 * not known when people were waited for, the wait is shown at the end of the run: an approval is the last thing asked.
 *
 * @param endAt RFC 3339, UTC: where what goes on still is cut off
 */
export function spansOf(step: StepRecord, endAt: string): readonly TimelineSpan[] {
  const runs = runsOf(step, endAt);
  const waits = waitsOf(step, runs);
  const work = runs.flatMap((run) => without(run, waits));
  return [
    ...work.map((stretch) => spanOf(stretch, 'work')),
    ...waits.map((stretch) => spanOf(stretch, 'wait')),
  ].toSorted((a, b) => a.from.localeCompare(b.from));
}

function runsOf({ runs, startedAt, finishedAt }: StepRecord, endAt: string): readonly Stretch[] {
  if (runs === undefined) {
    return startedAt === null ? [] : stretch(startedAt, finishedAt ?? endAt);
  }
  return runs.flatMap(({ from, to }, index) => stretch(from, to ?? runs[index + 1]?.from ?? endAt));
}

function waitsOf({ waits, waitedForPeopleMs }: StepRecord, runs: readonly Stretch[]): readonly Stretch[] {
  if (waits !== undefined) return waits.flatMap(({ from, to }) => stretch(from, to));
  const last = runs.at(-1);
  if (last === undefined || waitedForPeopleMs <= 0) return [];
  return [{ from: Math.max(last.from, last.to - waitedForPeopleMs), to: last.to }];
}

/** Nothing for moments that cannot be read, or that lie the wrong way round. */
function stretch(fromText: string, toText: string): readonly Stretch[] {
  const [from, to] = [Date.parse(fromText), Date.parse(toText)];
  return to >= from ? [{ from, to }] : [];
}

function without(run: Stretch, waits: readonly Stretch[]): readonly Stretch[] {
  let rest: readonly Stretch[] = [run];
  for (const wait of waits) {
    rest = rest.flatMap(({ from, to }) =>
      wait.to <= from || wait.from >= to
        ? [{ from, to }]
        : [
            { from, to: wait.from },
            { from: wait.to, to },
          ].filter((piece) => piece.to > piece.from),
    );
  }
  return rest;
}

function total(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

function spanOf({ from, to }: Stretch, kind: TimelineSpan['kind']): TimelineSpan {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), kind };
}
