import type { CleanPoint } from '../../workflows/contracts/clean-point.ts';
import {
  type CleanBackupQuestion,
  type CleanPointDependencies,
  findCleanBackup,
} from './find-clean-backup.ts';

/** Activities that look through backups for traces of a misuse. */
export function createCleanPointActivities(deps: CleanPointDependencies) {
  return {
    /** See {@link findCleanBackup}. */
    findCleanBackup: (question: CleanBackupQuestion): Promise<CleanPoint> => findCleanBackup(deps, question),
  };
}

/** The activities as a workflow calls them. */
export type CleanPointActivities = ReturnType<typeof createCleanPointActivities>;
