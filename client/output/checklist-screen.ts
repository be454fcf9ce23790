import type { ChecklistItem, ChecklistReport } from '../../workflows/contracts/checklist.ts';
import { commandFor } from '../../workflows/contracts/operations.ts';
import { utc } from '../../workflows/runbook/format.ts';
import { commandText, nextLines } from './command-text.ts';
import { formatAgo } from './duration.ts';
import type { Screen } from './screen.ts';
import type { Tone } from './style.ts';
import { hang } from './text.ts';

const tones = {
  done: 'good',
  failed: 'bad',
  overdue: 'bad',
} as const satisfies Record<ChecklistItem['state'], Tone>;

const stateColumn = 16;

/** How much of a failure is shown, in characters; the run of the operation tells all of it. */
const failureLength = 200;

const periods = [
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'annual',
] as const satisfies readonly ChecklistItem['period'][];

/** The procedure's checklist: each item with its state, when and by which run, then what fails, then what to do. */
export function checklistScreen(report: ChecklistReport, screen: Screen): string[] {
  const { environment, items, incidents } = report;
  const { width, style } = screen;
  return [
    style('strong', `Checklist of ${environment} at ${utc(`${report.at.slice(0, 19)}Z`)}`),
    ...periods.flatMap((period) => [
      '',
      `${period.charAt(0).toUpperCase()}${period.slice(1)}:`,
      ...items.filter((item) => item.period === period).flatMap((item) => itemLines(item, report, screen)),
    ]),
    '',
    ...incidents.flatMap(({ operation, tier, since, failures, lastFailure }) =>
      hang(
        'failing now: ',
        `${operation}${tier === null ? '' : ` (${tier})`} since ${utc(since)}, ${failures === 1 ? 'once' : `${failures} times`}: ${cut(lastFailure)}`,
        width,
      ),
    ),
    ...nextLines(nextCommands(report), width),
  ];
}

function itemLines(
  { state, item, found, evidence, maxAgeMs }: ChecklistItem,
  { at }: ChecklistReport,
  { width, style }: Screen,
): string[] {
  const word = state === 'done' ? state : state.toUpperCase();
  const indent = ' '.repeat(stateColumn);
  const when =
    evidence === null
      ? []
      : [
          `${utc(`${evidence.finishedAt.slice(0, 19)}Z`)}, ${formatAgo(Date.parse(at) - Date.parse(evidence.finishedAt))}, by ${evidence.startedBy}`,
          evidence.workflowId,
        ];
  const allowed = state === 'overdue' && maxAgeMs !== null ? [`due at least every ${hours(maxAgeMs)}`] : [];
  return [
    `${style(tones[state], `  ${word}`.padEnd(stateColumn))}${item}`,
    ...[found, ...when, ...allowed].flatMap((text) => hang(indent, text, width)),
  ];
}

function hours(ms: number): string {
  const hour = 3_600_000;
  return ms < 48 * hour ? `${ms / hour} h` : `${ms / (24 * hour)} days`;
}

function cut(text: string): string {
  return text.length <= failureLength ? text : `${text.slice(0, failureLength)}…`;
}

function nextCommands({ items, incidents, environment }: ChecklistReport) {
  const due = items.filter(({ state }) => state === 'overdue' || state === 'failed');
  const commands = new Map<string, string[]>();
  for (const { command, item } of due) {
    if (command !== null) commands.set(command, [...(commands.get(command) ?? []), item]);
  }
  for (const incident of incidents) {
    const command = commandFor(incident);
    if (!commands.has(command)) commands.set(command, [`${incident.operation}, when that is mended`]);
  }
  if (commands.size === 0) {
    return [{ text: commandText({ command: 'schedules', environment }), why: 'when each runs next' }];
  }
  return [...commands].map(([command, answers]) => ({
    text: commandText({ command, environment }),
    why: answers.join(', '),
  }));
}
