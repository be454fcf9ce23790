import { Command, type OutputConfiguration } from 'commander';
import type { DrCommand, Invocation } from './command.ts';
import { refused } from './command-stopped.ts';
import type { CommandTable } from './command-table/entry.ts';
import { commandTable } from './command-table/index.ts';
import { exitCodesHelp } from './output/help.ts';

/** Does what was typed, once it is known which command that is. */
type Perform = (run: DrCommand['run'], invocation: Invocation) => Promise<void>;

/**
 * Declares `dr` and its commands. Only those that are named are loaded.
 *
 * @param argv words after the name of the program
 * @param output where help and what is wrong with the words are written
 * @param perform called when the words are parsed; a word or an option too many throws `CommandStopped` instead
 * @returns not parsed yet; parsing throws `CommanderError` for words that it does not know
 */
export async function buildCommandLine(
  argv: readonly string[],
  output: Pick<OutputConfiguration, 'writeOut' | 'writeErr'>,
  perform: Perform,
): Promise<Command> {
  const commandLine = new Command('npx dr');
  commandLine
    .description("VendHub's disaster recovery: start, follow and decide.")
    .exitOverride()
    .configureOutput({ ...output, ...plainAndNarrow })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', exitCodesHelp)
    .addHelpText(
      'after',
      '\nExample:\n  npx dr plan data-loss --just-before 2025-11-29T03:12:00Z --reason "sales gone"',
    );
  await declareCommands(commandLine, commandTable, argv, perform);
  return commandLine;
}

const plainAndNarrow: OutputConfiguration = {
  getOutHelpWidth: () => 80,
  getErrHelpWidth: () => 80,
  getOutHasColors: () => false,
  getErrHasColors: () => false,
};

async function declareCommands(
  parent: Command,
  commands: CommandTable,
  argv: readonly string[],
  perform: Perform,
): Promise<void> {
  for (const [name, { usage, summary, load, below, takesWord }] of Object.entries(commands)) {
    const command = parent.command(usage).summary(summary).description(`${summary}.`);
    if (!argv.includes(name)) continue;
    const { describe, run } = await load();
    describe(command);
    command.addHelpText('after', exitCodesHelp);
    command.action(() => {
      if (below !== undefined && takesWord !== true) refuseUnknownBelow(command);
      return perform(run, { args: command.args, options: optionsOf(command) });
    });
    if (below === undefined) continue;
    await declareCommands(command, below, argv, perform);
    command.enablePositionalOptions().allowExcessArguments();
  }
}

function refuseUnknownBelow(command: Command): void {
  const [word] = command.args;
  if (word === undefined) return;
  const name = command.name();
  throw refused(`There is no command "${name} ${word}".`, `See which there are: npx dr ${name} --help`);
}

/** Options may stand before the last word of a command too; one that it does not have is refused, not passed over. */
function optionsOf(command: Command): object {
  const given = command.parent?.opts() ?? {};
  for (const key of Object.keys(given)) {
    if (command.options.some((option) => option.attributeName() === key)) continue;
    throw refused(`${command.name()} has no option --${key}.`, 'Leave it out, and give the command again.');
  }
  return { ...given, ...command.opts() };
}
