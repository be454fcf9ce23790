import type { DrCommand } from '../command.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/** `dr backup`: takes a backup now, an export or a SQL dump, and stores it at every location. */
export const backup: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--tier <name>', 'recent, kept for days, or daily, the one of the day (else recent)')
      .option('--format <name>', 'json, or sql for a dump that psql reads (else json)');
    withExample(command, 'npx dr backup', 'npx dr backup --tier daily', 'npx dr backup --format sql');
  },
  run: (invocation, context) =>
    runOperationCommand(
      {
        operation: 'backup',
        command: 'backup',
        tiered: true,
        next: { command: 'backup validate', why: 'look at all backups' },
      },
      invocation,
      context,
    ),
};
