import { giveAnswer } from '../answer/give-answer.ts';
import type { DrCommand } from '../command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr reject`: reject the plan: the run goes to its safe state. */
export const reject: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--decision <id>', 'the open decision, as dr status shows it')
      .option('--step <id>', 'the step that is meant, checked where given')
      .option('--reason <text>', 'why; recorded');
    withExample(command, 'npx dr reject --reason "wrong day" --as anna');
  },
  run: (invocation, context) => giveAnswer('reject', invocation, context),
};
