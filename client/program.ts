import { CommanderError } from 'commander';
import { buildCommandLine } from './command-line.ts';
import { CommandStopped, refused } from './command-stopped.ts';
import type { DrContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { failureDocument, failureScreen } from './output/failure-screen.ts';
import { screenFor, writeJson, writeLines } from './output/screen.ts';
import { styleFor } from './output/style.ts';

/**
 * The `dr` command.
 *
 * @param argv words after the name of the program
 * @param context everything that it needs of the world
 * @returns the exit code; every failure is printed, none is thrown
 */
export async function runDr(argv: readonly string[], context: DrContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.fine;
  try {
    const output = {
      writeOut: (text: string) => void context.stdout.write(text),
      writeErr: (text: string) => (wantsJson(argv) ? undefined : void context.stderr.write(text)),
    };
    const commandLine = await buildCommandLine(argv, output, async (run, invocation) => {
      exitCode = await run(invocation, context);
    });
    await commandLine.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.fine : refuseUsage(error, argv, context);
    }
    return tell(stoppedBy(error), argv, context);
  }
}

function stoppedBy(error: unknown): CommandStopped {
  if (error instanceof CommandStopped) return error;
  return new CommandStopped(exitCodes.failed, {
    happened: error instanceof Error ? `${error.name}: ${error.message}` : 'Something unforeseen went wrong.',
    meaning: 'The command did not do all that was asked; a run that was started goes on.',
    next: 'See how it stands: npx dr status',
  });
}

/** Commander has told a person already; a script is told here. */
function refuseUsage({ message }: CommanderError, argv: readonly string[], context: DrContext): ExitCode {
  if (!wantsJson(argv)) return exitCodes.refused;
  return tell(refused(message, 'See npx dr --help.'), argv, context);
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.includes('--json');
}

function tell(stopped: CommandStopped, argv: readonly string[], context: DrContext): ExitCode {
  if (wantsJson(argv)) {
    writeJson(context.stdout, failureDocument(stopped));
  } else {
    const { width } = screenFor(context);
    writeLines(context.stderr, failureScreen(stopped, width, styleFor(context.stderr, context.environment)));
  }
  return stopped.exitCode;
}
