import type { CommandStopped } from '../command-stopped.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Style } from './style.ts';
import { hang } from './text.ts';

/** Why a command stopped: what happened, each problem, what it means, what to do next. */
export function failureScreen(stopped: CommandStopped, width: number, style: Style): string[] {
  const { happened, meaning, next } = stopped.explanation;
  const word = stopped.exitCode === exitCodes.refused ? 'Refused' : 'Stopped';
  const lead = `${word}: `;
  const [first = '', ...rest] = hang(lead, happened, width);
  return [
    `${style('bad', word)}${first.slice(word.length)}`,
    ...rest,
    ...stopped.problems.flatMap((problem) => hang('  - ', problem, width)),
    ...hang('Means: ', meaning, width),
    ...hang('Next:  ', next, width),
  ];
}

/** The same for a script. */
export function failureDocument(stopped: CommandStopped): object {
  return { error: { ...stopped.explanation, problems: stopped.problems }, exitCode: stopped.exitCode };
}
