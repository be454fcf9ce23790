import { giveAnswer } from '../answer/give-answer.ts';
import type { DrCommand } from '../command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr abort`: stop the run, at any time: it goes to its safe state. */
export const abort: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--step <id>', 'the step that is meant, checked where given')
      .option('--reason <text>', 'why; recorded');
    withExample(command, 'npx dr abort --reason "false alarm" --as anna');
  },
  run: (invocation, context) => giveAnswer('abort', invocation, context),
};
