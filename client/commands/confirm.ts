import { giveAnswer } from '../answer/give-answer.ts';
import type { DrCommand } from '../command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr confirm`: confirm that a person did a manual step, and what they saw. */
export const confirm: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--decision <id>', 'the open decision, as dr status shows it')
      .option('--step <id>', 'the step that is meant, checked where given')
      .option('--reason <text>', 'why; recorded');
    withExample(command, 'npx dr confirm --step tell-bank --reason "told Mr Weber at 03:40" --as anna');
  },
  run: (invocation, context) => giveAnswer('confirm', invocation, context),
};
