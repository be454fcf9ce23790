import { giveAnswer } from '../answer/give-answer.ts';
import type { DrCommand } from '../command.ts';
import { withCommonOptions, withIdentity, withTarget } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr replan`: go back to another moment instead: new facts, new plan, new approval. */
export const replan: DrCommand = {
  describe: (command) => {
    withTarget(withIdentity(withCommonOptions(command)))
      .option('--decision <id>', 'the open decision, as dr status shows it')
      .option('--step <id>', 'the step that is meant, checked where given')
      .option('--reason <text>', 'why; recorded');
    withExample(
      command,
      'npx dr replan --just-before 2025-11-29T03:12:00Z \\',
      '    --reason "the import began earlier" --as anna',
    );
  },
  run: (invocation, context) => giveAnswer('replan', invocation, context),
};
