import { answerCommands } from '../../workflows/runbook/commands.ts';
import { foreseenAt } from '../../workflows/runbook/forecast.ts';
import { echoMoment } from '../moment.ts';
import type { Look } from '../recovery/look.ts';
import { outlineOf } from '../recovery/run.ts';
import type { WorkerTrouble } from '../worker-health.ts';
import { commandText, nextLines } from './command-text.ts';
import { leftLines } from './ending.ts';
import type { Screen } from './screen.ts';
import { statusScreen } from './status-screen.ts';
import { fields, hang } from './text.ts';

/** One look at a recovery for a person: workers first where they fail, then the run, then what to do. */
export function lookScreen(environment: string, seen: Look, screen: Screen): string[] {
  const { run, answer, troubles, left } = seen;
  const { description } = run;
  return [
    ...troubles.flatMap((trouble) => troubleLines(trouble, screen)),
    ...('status' in answer ? statusScreen(answer.status, screen) : outlineLines(environment, seen, screen)),
    ...(run.closed && description.closeTime !== undefined
      ? [`This run is over: ${description.status.name}, ${echoMoment(description.closeTime, screen.now)}.`]
      : []),
    ...leftLines(left, screen),
    ...('status' in answer && answer.status.open !== null && !run.closed
      ? ['Next: answer with one of the commands above.']
      : nextLines(nextCommands(environment, seen), screen.width)),
  ];
}

/** The same for a script. */
export function lookDocument(environment: string, seen: Look, now: Date): object {
  const { run, answer, troubles, left } = seen;
  const { description } = run;
  return {
    environment,
    run: {
      workflowId: description.workflowId,
      runId: description.runId,
      state: description.status.name,
      startedAt: description.startTime,
      closedAt: description.closeTime ?? null,
      ...outlineOf(description),
    },
    status: 'status' in answer ? foreseenAt(answer.status, now.getTime()) : null,
    noStatusBecause: 'problem' in answer ? answer.problem : null,
    troubles,
    left,
    next: nextCommands(environment, seen).map(({ text }) => text),
  };
}

/** That an environment never had a recovery. */
export function neverRanLines(environment: string, missing: WorkerTrouble | null, screen: Screen): string[] {
  return [
    `No recovery of ${environment} was ever started.`,
    ...(missing === null ? [] : troubleLines(missing, screen)),
    ...nextLines(
      [
        {
          text: commandText({
            command: 'plan',
            environment,
            args: ['data-loss'],
            options: { 'just-before': 'TIME', reason: '…' },
          }),
          why: 'what a recovery would find and do',
        },
      ],
      screen.width,
    ),
  ];
}

function troubleLines({ happened, next }: WorkerTrouble, { width, style }: Screen): string[] {
  const lead = 'NOT MOVING: ';
  const [first = '', ...rest] = hang(lead, happened, width);
  return [
    `${style('bad', lead)}${first.slice(lead.length)}`,
    ...rest,
    ...hang(' '.repeat(12), next, width),
    '',
  ];
}

function outlineLines(environment: string, { run, answer }: Look, { width, now }: Screen): string[] {
  const { scenario, phase, startedBy } = outlineOf(run.description);
  const why = 'problem' in answer ? answer.problem : 'unknown';
  return [
    `Recovery of ${environment}: ${scenario}`,
    ...fields(
      [
        ['steps and decision', `unknown: ${why}`],
        ['last known phase', phase],
        ['started', `${echoMoment(run.description.startTime, now)}, by ${startedBy} (identity unverified)`],
        ['run', `${run.description.workflowId} ${run.description.runId}`],
      ],
      width,
    ),
  ];
}

function nextCommands(environment: string, { run, answer, left }: Look) {
  if (left.kind !== 'nothing') {
    return [
      {
        text: commandText({ command: 'repair', environment, options: { reason: '…' } }),
        why: 'take back what is in force',
      },
    ];
  }
  if (run.closed) {
    return [{ text: commandText({ command: 'report', environment }), why: 'the report' }];
  }
  if ('status' in answer && answer.status.open !== null) {
    return answerCommands(answer.status.open, environment).map((text) => ({ text, why: 'answer' }));
  }
  return [
    { text: commandText({ command: 'watch', environment }), why: 'follow it live' },
    {
      text: commandText({ command: 'abort', environment, options: { reason: '…' } }),
      why: 'stop: goes to the safe state',
    },
  ];
}
