import { giveAnswer } from '../answer/give-answer.ts';
import type { DrCommand } from '../command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr approve`: approve exactly the plan that you read. */
export const approve: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--decision <id>', 'the open decision, as dr status shows it')
      .option('--digest <hex>', 'at least the first 12 characters of the digest of the plan')
      .option('--step <id>', 'the step that is approved, checked where given')
      .option('--reason <text>', 'why; recorded')
      .option('--break-glass <reason>', 'approve alone although a second person is asked for; mailed to all');
    withExample(command, 'npx dr approve --environment production --digest 3f2a9c41d07b --as anna');
  },
  run: (invocation, context) => giveAnswer('approve', invocation, context),
};
