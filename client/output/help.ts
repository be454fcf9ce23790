import type { Command } from 'commander';

/** What the exit codes mean, below every help. */
export const exitCodesHelp = `
Exit codes:
  0  done, or shown
  1  tried and failed, or the recovery did not recover
  2  bad input or refused; nothing was changed
  3  not known: no worker or no Temporal answers, or watching was stopped`;

/** Adds an example to the help of a command. */
export function withExample(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText('after', ['', 'Example:', ...examples.map((line) => `  ${line}`)].join('\n'));
}
