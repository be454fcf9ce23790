import { z } from 'zod';
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

/**
 * `dr uploads sync`: copies uploaded files to where the policy says; with `--from` or `--to`, between any two places that
 * the policy names, such as back to the application's bucket, where nothing is ever deleted.
 */
export const syncUploads: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--from <place>', 'name of a place in the policy (else where it copies from)')
      .option('--to <place>', 'name of a place in the policy (else where it copies to)')
      .option('--replace-newer', 'back to a place: replace what is newer there, too');
    withExample(command, 'npx dr uploads sync --from copy --to application');
  },
  run: (invocation, context) => {
    const next = { command: 'checklist', why: 'what else is due' };
    const { from, to, replaceNewer } = waySchema.parse(invocation.options);
    const problems = [...problemOf('--from', from), ...problemOf('--to', to)];
    if (from === undefined && to === undefined) {
      if (replaceNewer) problems.push('--replace-newer: say --from and --to as well.');
      const declared = { operation: 'uploads-sync', command: 'uploads sync', problems, next } as const;
      return runOperationCommand(declared, invocation, context);
    }
    const words = [
      'uploads sync',
      ...(from === undefined ? [] : [`--from ${from}`]),
      ...(to === undefined ? [] : [`--to ${to}`]),
      ...(replaceNewer ? ['--replace-newer'] : []),
    ];
    return runOperationCommand(
      {
        operation: 'uploads-transfer',
        command: problems.length > 0 ? 'uploads sync' : words.join(' '),
        arguments: { from: from ?? null, to: to ?? null, replaceNewer },
        problems,
        next,
      },
      invocation,
      context,
    );
  },
};

const waySchema = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
  replaceNewer: z.boolean().default(false),
});

function problemOf(option: string, place: string | undefined): string[] {
  if (place === undefined || /^[a-z][a-z0-9-]{0,39}$/.test(place)) return [];
  return [`${option}: expected the name of a place in the policy, such as copy or second.`];
}
