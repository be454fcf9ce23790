import { z } from 'zod';
import {
  type BackupListing,
  type ListBackupsInput,
  listBackupsWorkflow,
} from '../../workflows/contracts/backups.ts';
import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { withCommonOptions, withIdentity } from '../options.ts';
import { backupsScreen } from '../output/backups-screen.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';

const defaultLimit = 20;
const limitSchema = z.object({ limit: z.coerce.number().int().positive().max(1000).default(defaultLimit) });

/** `dr backup list`: what is stored where, newest first. */
export const listBackups: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command)).option(
      '--limit <number>',
      `how many of the newest (else ${defaultLimit})`,
    );
    withExample(command, 'npx dr backup list', 'npx dr backup list --limit 100 --json');
  },
  run: showBackups,
};

/** @returns 0, also where a copy is not verified: that is what the list is to tell; 1 when no location answers */
async function showBackups(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const asked = limitSchema.safeParse(invocation.options);
  const problems = asked.success ? [] : ['--limit: expected a whole number from 1 to 1000.'];
  const { input, json } = readOperationRequest(invocation, context, 'backup list', problems);
  const { environment, startedBy } = input;
  const listing = await resultOf<ListBackupsInput, BackupListing>(context, {
    type: listBackupsWorkflow,
    name: 'backup-list',
    input: { environment, limit: asked.data?.limit ?? defaultLimit },
    environment,
    startedBy,
    readsOnly: true,
  });
  if (json) writeJson(context.stdout, listing);
  else writeLines(context.stdout, backupsScreen(listing, screenFor(context)));
  return listing.backups.length === 0 && listing.failures.length > 0 ? exitCodes.failed : exitCodes.fine;
}
