import {
  type RestoreTest,
  type RestoreTestDependencies,
  type RestoreTestInput,
  testRestore,
} from './test-restore.ts';

export type { BackupSource } from '../restore-into/backup-source.ts';
export { vaultBackupSource } from '../restore-into/vault-source.ts';
export type { RestoreTest, RestoreTestInput } from './test-restore.ts';

/** Activities that prove backups by restoring them. */
export function createRestoreTestActivities(deps: RestoreTestDependencies) {
  return {
    /** See {@link testRestore}. */
    testRestore: (input: RestoreTestInput): Promise<RestoreTest> => testRestore(deps, input),
  };
}

/** The restore test's activities as a workflow calls them. */
export type RestoreTestActivities = ReturnType<typeof createRestoreTestActivities>;
