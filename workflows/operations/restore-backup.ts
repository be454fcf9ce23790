import type { RestoreBackupInput } from '../contracts/backups.ts';
import type { OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { duration, plural, utc } from '../runbook/format.ts';
import { runOperation } from './operation.ts';

/**
 * Restores a stored backup into a chosen database (procedure, section 3, option 2 and JSON export). Never into production,
 * and never over rows: it runs beside a recovery as well.
 *
 * @throws ApplicationFailure of type `input-invalid` for a backup or a database that cannot be meant; then nothing was
 *   changed, and there is neither a record nor an alert
 */
export async function restoreBackup(input: RestoreBackupInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'restore-backup',
      title: 'Restore of a backup into a chosen database',
      failureMeans: 'The chosen database cannot be used as a copy of the backup. Production was not touched.',
      work: async ({ backup, target }: RestoreBackupInput, policy) => {
        const restored = await activities.restoreInto.restoreBackupInto({
          backup,
          target,
          maxDurationMs: policy.backups.restoreTestMaxMs,
        });
        const { backupKey, snapshotAt, rows, database, created, restoreMs, location, checks } = restored;
        return {
          summary: `${backupKey} of ${utc(snapshotAt)}, ${plural(rows, 'row', 'rows')}, in ${duration(restoreMs)} into ${database}${created ? ', made for it' : ''}`,
          checks,
          restores: [{ from: location, ms: restoreMs }],
        };
      },
    },
    input,
  );
}
