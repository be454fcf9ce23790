import type { StepRecord } from '../../workflows/contracts/status.ts';
import { duration } from '../../workflows/runbook/format.ts';
import { formatExpected } from './duration.ts';
import type { Screen } from './screen.ts';
import type { Tone } from './style.ts';
import { wrap } from './text.ts';

const tones = {
  pending: 'faint',
  running: 'strong',
  waiting: 'warning',
  done: 'good',
  failed: 'bad',
  skipped: 'warning',
  rejected: 'warning',
  'not-needed': 'faint',
} as const satisfies Record<StepRecord['state'], Tone>;

const stateColumn = 12;
const kindColumn = 13;
const timeColumn = 22;

/** The steps of a runbook with state, kind and time; a finding or failure below its step. */
export function stepTable(steps: readonly StepRecord[], screen: Screen): string[] {
  const idColumn = screen.width - stateColumn - kindColumn - timeColumn;
  const head = `${'STATE'.padEnd(stateColumn)}${'STEP'.padEnd(idColumn)}${'KIND'.padEnd(kindColumn)}TIME`;
  return [screen.style('faint', head), ...steps.flatMap((step) => stepLines(step, idColumn, screen))];
}

function stepLines(step: StepRecord, idColumn: number, screen: Screen): string[] {
  const state = screen.style(tones[step.state], step.state.padEnd(stateColumn));
  const fits = step.id.length < idColumn ? step.id : `${step.id} `;
  const line = `${state}${fits.padEnd(idColumn)}${step.kind.padEnd(kindColumn)}${timeOf(step, screen.now)}`;
  const indent = ' '.repeat(stateColumn);
  const below = (text: string) => wrap(text, screen.width - stateColumn).map((each) => `${indent}${each}`);
  return [
    line.trimEnd(),
    ...(step.summary === null || (screen.brief === true && step.state === 'done') ? [] : below(step.summary)),
    ...(step.failure === null
      ? []
      : [
          ...below(`${step.failure.happened} (${step.failure.type})`),
          ...below(step.failure.meaning),
          ...below(step.failure.next),
        ]),
  ];
}

function timeOf({ state, startedAt, finishedAt, expected }: StepRecord, now: Date): string {
  if (startedAt !== null && finishedAt !== null) {
    return duration(Date.parse(finishedAt) - Date.parse(startedAt));
  }
  if (startedAt !== null) return `for ${duration(Math.max(0, now.getTime() - Date.parse(startedAt)))}`;
  return state === 'pending' && expected !== null ? formatExpected(expected) : '';
}
