import type { FailureExplanation } from '../workflows/contracts/errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * Why a command ends without having done what was asked. `program.ts` prints it and exits with `exitCode`.
 *
 * @param exitCode what a script learns
 * @param explanation what happened, what it means, what to do next; never a secret
 * @param problems further lines: every problem of the input, or what was found
 */
export class CommandStopped extends Error {
  override readonly name = 'CommandStopped';
  readonly exitCode: ExitCode;
  readonly explanation: FailureExplanation;
  readonly problems: readonly string[];

  constructor(exitCode: ExitCode, explanation: FailureExplanation, problems: readonly string[] = []) {
    super(`${explanation.happened} ${explanation.meaning} ${explanation.next}`);
    this.exitCode = exitCode;
    this.explanation = explanation;
    this.problems = problems;
  }
}

/**
 * Ends a command that must not go on: exit code 2, nothing was changed.
 *
 * @param happened what was found
 * @param next what to do next
 * @param problems further lines
 */
export function refused(happened: string, next: string, problems: readonly string[] = []): CommandStopped {
  return new CommandStopped(exitCodes.refused, { happened, meaning: 'Nothing was changed.', next }, problems);
}

/**
 * Ends a command if its input has problems, naming all of them at once.
 *
 * @param problems one sentence each; none at all lets the command go on
 * @param command the command whose help shows an example, such as `start`
 * @throws CommandStopped with exit code 2
 */
export function stopOnProblems(problems: readonly string[], command: string): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  throw refused(
    `${count} wrong with the input.`,
    `Correct it and give the command again; npx dr ${command} --help has an example.`,
    problems,
  );
}
