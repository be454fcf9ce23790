import type { BackupInput, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { bytes, duration, plural } from '../runbook/format.ts';
import { runOperation } from './operation.ts';

/** What broke off longer ago than this is removed, ms; longer than any backup takes. */
const leftoversOlderThanMs = 6 * 3_600_000;

/**
 * Takes one backup and stores it, verified, at every location. Fails when any location lacks it, and when the half-hourly
 * ones cannot keep complete failure's RPO: interval and duration together must stay under it.
 */
export async function backup(input: BackupInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'backup',
      title: 'Backup',
      failureMeans: 'Until one succeeds, complete failure would lose everything since the last good backup.',
      retryCommand: 'backup',
      work: async ({ tier }: BackupInput, policy) => {
        const startedMs = Date.now();
        const { backup: stored } = await activities.vault.storeBackup({
          kind: tier,
          at: new Date(startedMs).toISOString(),
          schemas: policy.schemas,
          leftoversOlderThanMs,
        });
        const tookMs = Date.now() - startedMs;
        const rows = stored.tables.reduce((sum, table) => sum + table.rows, 0);
        const exposureMs = policy.backups.recentIntervalMs + tookMs;
        const { rpoMs } = policy.objectives['complete-failure'];
        return {
          summary: `${stored.key}, ${plural(rows, 'row', 'rows')}, ${bytes(stored.bytes)}, in ${duration(tookMs)}`,
          checks: [
            ...stored.locations.map((location) => ({
              name: `stored and verified at ${location.location}`,
              passed: location.stored,
              found: location.stored ? location.how : location.failure.message,
              expected: 'there, and read back whole',
            })),
            {
              name: 'most that complete failure can lose',
              passed: exposureMs <= rpoMs,
              found: `${duration(exposureMs)}: interval ${duration(policy.backups.recentIntervalMs)} and duration with all copies ${duration(tookMs)}`,
              expected: `at most ${duration(rpoMs)} (RPO)`,
            },
          ],
        };
      },
    },
    input,
  );
}
