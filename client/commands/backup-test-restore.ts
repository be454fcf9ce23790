import type { DrCommand } from '../command.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';
import { restoreTestVerdict } from '../output/restore-test-verdict.ts';

/** `dr backup test-restore`: restores the newest backup on a server of its own and looks whether it is whole. */
export const testRestore: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr backup test-restore');
  },
  run: (invocation, context) =>
    runOperationCommand(
      {
        operation: 'restore-test',
        command: 'backup test-restore',
        opening: 'Testing restore procedure...',
        verdict: restoreTestVerdict,
        next: { command: 'checklist', why: 'what else is due' },
      },
      invocation,
      context,
    ),
};
