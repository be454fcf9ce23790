import type { SafetyCopy } from '../../workflows/contracts/evidence.ts';
import type { Database, ObjectStore } from '../ports.ts';
import { type SafetyCopyInput, takeSafetyCopy } from './safety-copy.ts';

/** Activities that copy the database. */
export function createBackupActivities(deps: { readonly database: Database; readonly store: ObjectStore }) {
  return {
    /** See {@link takeSafetyCopy}. */
    takeSafetyCopy: (input: SafetyCopyInput): Promise<SafetyCopy> => takeSafetyCopy(deps, input),
  };
}

/** The backup activities as a workflow calls them. */
export type BackupActivities = ReturnType<typeof createBackupActivities>;
