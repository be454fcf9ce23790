import Table from 'cli-table3';
import type { ScheduleState, SchedulesReport } from '../../workflows/contracts/operations.ts';
import { commandText, nextLines } from './command-text.ts';
import type { Screen } from './screen.ts';
import { borderless } from './table.ts';
import { hang } from './text.ts';

/** The schedules in Temporal with their next run, and below each what is not as it should be. */
export function schedulesScreen(
  environment: string,
  { changes, schedules }: SchedulesReport,
  screen: Screen,
): string[] {
  const { width } = screen;
  const apply = { text: commandText({ command: 'schedules apply', environment }), why: 'as the policy says' };
  const changed = changes.filter(({ change }) => change !== 'unchanged');
  const changeLines = [
    ...changed.map(({ id, change }) => `${change}: ${id}`),
    ...(changes.length > 0 && changed.length === 0 ? ['Every schedule was as the policy says.'] : []),
  ];
  if (schedules.length === 0) {
    return [
      ...changeLines,
      ...hang('', `No schedule of ${environment} is in Temporal: no backup is taken by itself.`, width),
      ...nextLines([apply], width),
    ];
  }
  const differs = schedules.some(({ asPolicy }) => !asPolicy);
  const troubled = schedules.some((schedule) => troubles(schedule).length > 0);
  return [
    ...changeLines,
    ...tableLines(schedules, screen),
    ...(troubled ? [] : ['Nothing was missed or skipped.']),
    ...nextLines(
      [
        ...(differs ? [apply] : []),
        { text: commandText({ command: 'checklist', environment }), why: 'what was done, what is due' },
      ],
      width,
    ),
  ];
}

function tableLines(schedules: readonly ScheduleState[], { width, style }: Screen): string[] {
  const table = new Table({
    ...borderless,
    head: ['ID', 'OPERATION', 'NEXT RUN (UTC)', 'LAST (UTC)'],
    colWidths: [20, 20, 16, 16],
  });
  for (const { id, operation, nextAt, lastAt } of schedules) {
    table.push([id, operation, minute(nextAt[0] ?? null), minute(lastAt)]);
  }
  const [head = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [
    style('faint', head),
    ...lines.flatMap((line, index) => {
      const schedule = schedules[index];
      const found = schedule === undefined ? [] : troubles(schedule);
      return [
        line,
        ...(found.length === 0
          ? []
          : hang('  ', found.join('; '), width).map((text) => style('warning', text))),
      ];
    }),
  ];
}

function troubles({
  asPolicy,
  paused,
  missedCatchupWindow: missed,
  skippedOverlap,
}: ScheduleState): string[] {
  return [
    ...(asPolicy ? [] : ['not as the policy says']),
    ...(paused ? ['paused'] : []),
    ...(missed > 0 ? [`missed so far: ${missed}`] : []),
    ...(skippedOverlap > 0
      ? [`skipped so far, as the run before was still going on: ${skippedOverlap}`]
      : []),
  ];
}

function minute(moment: string | null): string {
  return moment === null ? 'none' : moment.slice(0, 16).replace('T', ' ');
}
