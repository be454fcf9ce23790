import type { DrCommand } from '../command.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr backup full-test`: the monthly test of everything that a recovery from complete failure needs. */
export const testEverything: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr backup full-test');
  },
  run: (invocation, context) =>
    runOperationCommand(
      {
        operation: 'full-test',
        command: 'backup full-test',
        next: { command: 'checklist', why: 'what else is due' },
      },
      invocation,
      context,
    ),
};
