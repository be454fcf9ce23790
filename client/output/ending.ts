import type { MeasuredObjective, RecoveryReport } from '../../workflows/contracts/report.ts';
import { duration, utc } from '../../workflows/runbook/format.ts';
import type { LeftBehind } from '../recovery/left-measures.ts';
import type { Screen } from './screen.ts';
import { fields, hang, wrap } from './text.ts';

/** How a finished recovery ended, with its objectives beside what was measured. */
export function endingLines(report: RecoveryReport, { width, style }: Screen): string[] {
  const tone = report.outcome === 'recovered' ? 'good' : 'warning';
  return [
    style(tone, `ENDED: ${report.outcome}`),
    ...wrap(report.headline, width),
    ...fields(
      [
        ['RTO', objectiveText(report.rto)],
        ['RPO', objectiveText(report.rpo)],
        ['waited for people', duration(report.waitedForPeopleMs)],
      ],
      width,
    ),
  ];
}

function objectiveText({ objectiveMs, measuredMs, met }: MeasuredObjective): string {
  const verdict = met === null ? 'not known whether met' : met ? 'met' : 'MISSED';
  return `${duration(measuredMs)} of ${duration(objectiveMs)}: ${verdict}`;
}

/** What a run that is over left in force. */
export function leftLines(left: LeftBehind, { width, style }: Screen): string[] {
  if (left.kind === 'nothing') return [];
  if (left.kind === 'unknown') {
    return [
      style('bad', 'LEFT BEHIND: unknown'),
      ...wrap(`The run ended midway and cannot be asked what is still in force: ${left.why}.`, width),
    ];
  }
  return [
    style('bad', 'LEFT IN FORCE by a run that is over:'),
    ...left.measures.flatMap(({ inForce, since, step }) =>
      hang('  - ', `${inForce}, since ${utc(since)} (${step})`, width),
    ),
  ];
}
