import type { Timeline, TimelineMark, TimelineRow } from '../../contracts/document.ts';
import type { RecoveryReport } from '../../contracts/report.ts';
import type { StepRecord } from '../../contracts/status.ts';
import { duration, plural, utc } from '../format.ts';
import { spansOf, workedMs } from './step-times.ts';

/** When each step of a recovery ran, with the objective; null where none did. */
export function recoveryTimeline(report: RecoveryReport): Timeline | null {
  const { status, finishedAt } = report;
  const rows = status.steps.flatMap((step) => rowOf(step, finishedAt));
  const moments = rows.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to])).toSorted();
  const [first] = moments;
  const last = moments.at(-1);
  if (first === undefined || last === undefined) return null;
  const from = earlier(status.startedAt, first);
  const to = earlier(finishedAt, last) === finishedAt ? last : finishedAt;
  return {
    title: 'When each step ran',
    description: `${plural(rows.length, 'step', 'steps')} from ${utc(from)} to ${utc(to)}. Waited for people: ${duration(report.waitedForPeopleMs)}. The table of steps below tells the same in words.`,
    from,
    to,
    rows,
    marks: marksOf(report),
  };
}

function rowOf(step: StepRecord, endAt: string): readonly TimelineRow[] {
  const spans = spansOf(step, endAt);
  if (spans.length === 0) return [];
  const notes = [
    duration(workedMs(step, endAt)),
    ...(step.waitedForPeopleMs > 0 ? [`waited ${duration(step.waitedForPeopleMs)}`] : []),
    ...(step.state === 'done' ? [] : [step.state]),
  ];
  return [{ label: step.title, note: notes.join(', '), spans, marked: step.kind === 'destructive' }];
}

/** Recovery time begins with the incident, so its objective is a moment. */
function marksOf({ status, rto }: RecoveryReport): readonly TimelineMark[] {
  const { incidentAt, healthySince } = status;
  const incident = incidentAt === null ? Number.NaN : Date.parse(incidentAt);
  return [
    ...(incidentAt === null || Number.isNaN(incident)
      ? []
      : [
          { label: 'incident', at: incidentAt, kind: 'event' } as const,
          {
            label: `RTO objective (${duration(rto.objectiveMs)})`,
            at: new Date(incident + rto.objectiveMs).toISOString(),
            kind: 'objective',
          } as const,
        ]),
    ...(healthySince === undefined
      ? []
      : [{ label: 'healthy again', at: healthySince, kind: 'event' } as const]),
  ];
}

function earlier(one: string, other: string): string {
  return Date.parse(one) < Date.parse(other) ? one : other;
}
