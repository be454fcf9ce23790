import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { runOperation } from './operation.ts';

/**
 * Removes backups that nothing asks to keep (procedure, section 6), at each location by a plan that is recorded before
 * it is carried out. Never the newest verified one, never the last of a kind.
 */
export async function applyRetention(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'retention',
      title: 'Retention of backups',
      failureMeans: 'Old backups stay: room may run out, but nothing is lost.',
      retryCommand: 'backup retention',
      work: async (_input: OperationInput, policy) => {
        const { keep, keepRecentMs } = policy.backups;
        const now = new Date().toISOString();
        const checks: OperationRecord['checks'][number][] = [];
        for (const location of await activities.vault.locationNames()) {
          const plan = await activities.vault.planBackupRotation({
            location,
            policy: { ...keep, recentMs: keepRecentMs },
            now,
          });
          const { removed, refused } = await activities.vault.applyBackupRotation({ location, plan });
          checks.push({
            name: `retention at ${location}`,
            passed: refused.length === 0,
            found: `kept ${plan.keep.length}, removed ${removed.length}, the store refused ${refused.length}`,
            expected: `removed ${plan.remove.length}`,
          });
        }
        return { summary: checks.map(({ name, found }) => `${name}: ${found}`).join('; '), checks };
      },
    },
    input,
  );
}
