import type { DrCommand, Invocation } from '../command.ts';
import { refused, stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { optionsSchema, readScope, withCommonOptions } from '../options.ts';
import { commandText } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { findRun } from '../recovery/run.ts';
import { watchUntilEnd } from '../recovery/watch-until-end.ts';

/** `dr watch`: follows the recovery until it ends; Ctrl-C stops the watching only. */
export const watch: DrCommand = {
  describe: (command) => {
    withCommonOptions(command);
    withExample(command, 'npx dr watch      (Ctrl-C stops watching; the run goes on)');
  },
  run: watchNewest,
};

async function watchNewest({ options: typed }: Invocation, context: DrContext): Promise<ExitCode> {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { environment } = readScope(options, context, problems);
  stopOnProblems(problems, 'watch');
  const access = await context.connect(context.environment);
  try {
    const run = await findRun(access, environment);
    if (run === null) {
      throw refused(
        `No recovery of ${environment} was ever started.`,
        `Start one: ${commandText({ command: 'start', environment, args: ['data-loss'] })}`,
      );
    }
    return await watchUntilEnd(run.handle, options.json, context);
  } finally {
    await access.close();
  }
}
