import type { RestoredInto } from '../../workflows/contracts/backups.ts';
import type { RestoreIntoDependencies } from './restore.ts';
import { type RestoreIntoInput, restoreBackupInto } from './restore-backup-into.ts';

/** Activities that restore backups into databases that are not production. */
export function createRestoreIntoActivities(deps: RestoreIntoDependencies) {
  return {
    /** See {@link restoreBackupInto}. */
    restoreBackupInto: (input: RestoreIntoInput): Promise<RestoredInto> => restoreBackupInto(deps, input),
  };
}

/** The activities as a workflow calls them. */
export type RestoreIntoActivities = ReturnType<typeof createRestoreIntoActivities>;
