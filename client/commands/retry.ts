import { giveAnswer } from '../answer/give-answer.ts';
import type { DrCommand } from '../command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr retry`: try the failed step again. */
export const retry: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--decision <id>', 'the open decision, as dr status shows it')
      .option('--step <id>', 'the step that is meant, checked where given')
      .option('--reason <text>', 'why; recorded');
    withExample(command, 'npx dr retry --as anna');
  },
  run: (invocation, context) => giveAnswer('retry', invocation, context),
};
