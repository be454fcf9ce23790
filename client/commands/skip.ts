import { giveAnswer } from '../answer/give-answer.ts';
import type { DrCommand } from '../command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr skip`: leave the failed step out, where that is allowed. */
export const skip: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--decision <id>', 'the open decision, as dr status shows it')
      .option('--step <id>', 'the step that is meant, checked where given')
      .option('--reason <text>', 'why; recorded');
    withExample(command, 'npx dr skip --step notify-users --reason "told them by phone" --as anna');
  },
  run: (invocation, context) => giveAnswer('skip', invocation, context),
};
