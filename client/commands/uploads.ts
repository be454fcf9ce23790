import type { DrCommand } from '../command.ts';
import { refused } from '../command-stopped.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr uploads`: does nothing without the name of what to do. */
export const uploads: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr uploads sync');
  },
  run: async () => {
    throw refused('It was not said what to do with the uploads.', 'To copy them: npx dr uploads sync');
  },
};

/** `dr uploads sync`: copies uploaded files to where the policy says. */
export const syncUploads: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr uploads sync');
  },
  run: (invocation, context) =>
    runOperationCommand(
      {
        operation: 'uploads-sync',
        command: 'uploads sync',
        next: { command: 'checklist', why: 'what else is due' },
      },
      invocation,
      context,
    ),
};
