import type { DrCommand } from '../command.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';
import { validationVerdict } from '../output/validation-verdict.ts';

/** `dr backup validate`: looks at the provider's backups, our own and the database, as the procedure's script does. */
export const validateBackups: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command));
    withExample(command, 'npx dr backup validate');
  },
  run: (invocation, context) =>
    runOperationCommand(
      {
        operation: 'backup-validation',
        command: 'backup validate',
        opening: 'Validating backups...',
        verdict: validationVerdict,
        next: { command: 'checklist', why: 'what else is due' },
      },
      invocation,
      context,
    ),
};
