import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { duration, utc } from '../runbook/format.ts';
import { runOperation } from './operation.ts';

/** Restores the newest backup on a server of its own and looks whether it is whole (procedure, section 5). */
export async function testRestore(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'restore-test',
      title: 'Restore test',
      failureMeans: 'Complete failure could not be recovered from this backup.',
      retryCommand: 'backup test-restore',
      work: async ({ environment }: OperationInput, policy) => {
        const { schemas, invariants, backups } = policy;
        const { usersTable, minimumUsers, restoreTestMaxMs: maxDurationMs } = backups;
        const tested = await activities.restoreTest.testRestore({
          environment,
          schemas,
          invariants,
          usersTable,
          minimumUsers,
          maxDurationMs,
        });
        return {
          summary: `${tested.backupKey} of ${utc(tested.snapshotAt)}, restored in ${duration(tested.restoreMs)} into ${tested.database}, dropped again`,
          checks: tested.checks,
        };
      },
    },
    input,
  );
}
