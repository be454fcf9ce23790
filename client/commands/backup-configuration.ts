import type { DrCommand } from '../command.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr backup configuration`: stores the encrypted configuration at every location. */
export const backUpConfiguration: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr backup configuration');
  },
  run: (invocation, context) =>
    runOperationCommand(
      {
        operation: 'configuration-backup',
        command: 'backup configuration',

        next: { command: 'checklist', why: 'what else is due' },
      },
      invocation,
      context,
    ),
};
