import type { DrCommand } from '../command.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr backup retention`: removes backups that nothing asks to keep. */
export const applyRetention: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr backup retention');
  },
  run: (invocation, context) =>
    runOperationCommand(
      {
        operation: 'retention',
        command: 'backup retention',

        next: { command: 'backup validate', why: 'look at what is kept' },
      },
      invocation,
      context,
    ),
};
