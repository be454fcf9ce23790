import { z } from 'zod';
import type { BackupRequest } from '../../workflows/contracts/backups.ts';
import type { DrCommand } from '../command.ts';
import { runOperationCommand } from '../operations/operation-command.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

const example = 'npx dr backup restore backup-2025-11-29.json --into RESTORE_DATABASE_URL --database look';

const restoreSchema = z.object({
  into: z.string().optional(),
  database: z.string().optional(),
  newest: z.boolean().default(false),
  format: z.enum(['json', 'sql']).default('json').catch('json'),
});

/** `dr backup restore`: restores a stored backup into a database that is not production and holds no rows. */
export const restoreBackup: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--newest', 'the newest backup that is whole, instead of a name')
      .option('--format <name>', 'with --newest: json or sql (else json)')
      .option('--into <variable>', "a variable of the worker's configuration, such as RESTORE_DATABASE_URL")
      .option('--database <name>', 'a database of that server, made when it is not there');
    withExample(command, example, 'npx dr backup restore --newest --into RESTORE_DATABASE_URL');
  },
  run: (invocation, context) => {
    const options = restoreSchema.parse(invocation.options);
    const [name] = invocation.args;
    const problems: string[] = [];
    if (name === undefined && !options.newest) {
      problems.push('Name a backup (npx dr backup list shows them), or say --newest.');
    }
    if (name !== undefined && options.newest)
      problems.push('--newest: leave it out where a backup is named.');
    // What was typed may be a connection string: it is neither shown nor sent.
    if (options.into === undefined || !/^[A-Z][A-Z0-9_]{0,62}$/.test(options.into)) {
      problems.push('--into: expected the name of a variable, such as RESTORE_DATABASE_URL; never a value.');
    }
    if (options.database !== undefined && /[:/@]/.test(options.database)) {
      problems.push('--database: expected the name of a database only.');
    }
    const backup: BackupRequest = options.newest
      ? { kind: 'newest', format: options.format }
      : { kind: 'named', name: name ?? '' };
    const variable = options.into ?? '';
    const database = options.database ?? null;
    return runOperationCommand(
      {
        operation: 'restore-backup',
        command: problems.length > 0 ? 'backup restore' : wordsOf(backup, variable, database),
        problems,
        arguments: { backup, target: { variable, database } },
        next: { command: 'backup list', why: 'what else is stored' },
      },
      invocation,
      context,
    );
  },
};

function wordsOf(backup: BackupRequest, variable: string, database: string | null): string {
  const which = backup.kind === 'named' ? backup.name : `--newest --format ${backup.format}`;
  return `backup restore ${which} --into ${variable}${database === null ? '' : ` --database ${database}`}`;
}
