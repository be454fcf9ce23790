import { Context } from '@temporalio/activity';
import type { BackupRequest, RestoredInto, RestoreTarget } from '../../workflows/contracts/backups.ts';
import { startDeadline } from '../backup/deadline.ts';
import { DrError } from '../errors.ts';
import type { VaultWork } from '../vault/location.ts';
import { chooseBackup } from './choose-backup.ts';
import { currentDatabase, refuseProduction } from './refuse-production.ts';
import { type Place, Restore, type RestoreIntoDependencies } from './restore.ts';
import { requireTarget } from './target-variable.ts';

/** What to restore, and where to. */
export interface RestoreIntoInput {
  readonly backup: BackupRequest;
  readonly target: RestoreTarget;
  /** Longest time for all of it, in ms. */
  readonly maxDurationMs: number;
}

const heartbeatEveryMs = 1_000;

/**
 * Restores a stored backup into a database that is not production and holds no rows, and compares every row with the
 * backup afterwards. All of it is one transaction: what fails leaves nothing behind, and a database that was made for it
 * is dropped again, also where the comparison fails. Heartbeats every second; stops when it is cancelled. Safe to repeat.
 *
 * @returns what was restored, and the checks: failed ones are results
 * @throws DrError `input-invalid` when it is refused and nothing was changed;
 *   `verification-failed`, `backup-invalid`, `database-query-failed` (not retried) when it failed and nothing is left;
 *   `database-unreachable`, `store-unavailable`, `attempt-lost` (retried)
 */
export async function restoreBackupInto(
  deps: RestoreIntoDependencies,
  input: RestoreIntoInput,
): Promise<RestoredInto> {
  const context = Context.current();
  let last = { doing: 'looking for the backup', bytes: 0 };
  const heartbeats = setInterval(() => context.heartbeat(last), heartbeatEveryMs);
  const deadline = startDeadline(input.maxDurationMs, () => tooSlow(input, last.doing), context.cancelled);
  const work: VaultWork = {
    signal: deadline.signal,
    progress: (doing, bytes) => {
      last = { doing, bytes };
    },
  };
  try {
    const place = await findPlace(deps, input.target);
    const began = performance.now();
    const backup = await chooseBackup(deps, input.backup, work);
    const restore = new Restore(deps, { backup, place, deadline, work, began });
    try {
      return await restore.run();
    } finally {
      backup.body.destroy();
    }
  } finally {
    clearInterval(heartbeats);
    deadline.clear();
  }
}

async function findPlace(deps: RestoreIntoDependencies, target: RestoreTarget): Promise<Place> {
  const connectionString = requireTarget(deps.targets, target);
  return deps.openDatabase(connectionString).session(async (session) => {
    const name = target.database ?? (await currentDatabase(session));
    const candidate = { session, connectionString, database: name };
    const notProduction = await refuseProduction(candidate, deps.production);
    return { connectionString, name, makes: target.database !== null, notProduction };
  });
}

function tooSlow({ maxDurationMs }: RestoreIntoInput, doing: string): DrError {
  return new DrError('database-query-failed', {
    happened: `The restore took longer than ${maxDurationMs} ms (${doing}).`,
    meaning: 'It was given up; nothing of it is left.',
    next: 'Raise the limit in the policy, or look for what holds the server up; then restore again.',
  });
}
