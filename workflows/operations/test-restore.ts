import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { duration, utc } from '../runbook/format.ts';
import { type OperationResult, runOperation } from './operation.ts';

/** Restores the newest backup on a server of its own and looks whether it is whole (procedure, section 5). */
export async function testRestore(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'restore-test',
      title: 'Restore test',
      failureMeans: 'Complete failure could not be recovered from this backup.',
      work: ({ environment }: OperationInput, policy) =>
        restoreFrom(policy.backups.restoreTestFrom, environment, policy),
    },
    input,
  );
}

/** Restores the newest backup of one location elsewhere; how long that takes is evidence for later plans. */
export async function restoreFrom(
  location: string,
  environment: string,
  policy: Policy,
): Promise<OperationResult> {
  const { schemas, invariants, backups } = policy;
  const startedAt = new Date().toISOString();
  const { usersTable, minimumUsers, restoreTestMaxMs: maxDurationMs } = backups;
  const tested = await activities.restoreTest.testRestore({
    environment,
    location,
    schemas,
    invariants,
    usersTable,
    minimumUsers,
    maxDurationMs,
  });
  const { backupKey, snapshotAt, restoreMs, database, checks } = tested;
  return {
    summary: `${backupKey} of ${utc(snapshotAt)} from ${location}, restored in ${duration(restoreMs)} into ${database}, dropped again`,
    checks,
    restores: restoreMs === null ? [] : [{ from: location, ms: restoreMs }],
    parts: [{ name: `restore from ${location}`, startedAt, finishedAt: new Date().toISOString() }],
  };
}
