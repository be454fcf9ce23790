import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { activities } from '../runbook/activities.ts';
import { type OperationResult, runOperation } from './operation.ts';

/** How many backups before the newest are looked at for the usual size. */
const sizeHistory = 10;

/** Validates the provider's backups, our own at every location, and the database (procedure, section 5). */
export async function validateBackups(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'backup-validation',
      title: 'Backup validation',
      failureMeans:
        'A recovery may find no backup that it can use, or an older one than the objectives allow.',
      work: (_input: OperationInput, policy) => lookAtBackups(policy),
    },
    input,
  );
}

/** Looks at the provider's backups, at ours, and at the database. */
export async function lookAtBackups(policy: Policy): Promise<OperationResult> {
  const now = new Date().toISOString();
  const [provider, own, database] = await Promise.all([
    checkProvider(policy, now),
    activities.vault.validateBackups({
      now,
      policy: {
        freshWithinMs: policy.backups.maxAgeMs.recent,
        sizeFactor: policy.backups.sizeFactor,
        sizeHistory,
        minFreeBytes: policy.backups.minFreeBytes,
        historyMs: policy.backups.provider.historyMs,
      },
    }),
    activities.providerBackups.checkDatabase({
      usersTable: policy.backups.usersTable,
      minimumUsers: policy.backups.minimumUsers,
    }),
  ]);
  const checks = [...provider, ...own, ...database];
  return {
    summary: `${checks.filter(({ passed }) => passed).length} of ${checks.length} checks passed`,
    checks,
  };
}

/** The provider's own backups against the policy. */
export function checkProvider(policy: Policy, now: string) {
  return activities.providerBackups.checkProviderBackups(providerExpectation(policy, now));
}

/**
 * What the policy expects of the provider's backups.
 *
 * @param now RFC 3339, UTC
 */
export function providerExpectation(policy: Policy, now: string) {
  return {
    now,
    windowMs: policy.backups.provider.windowMs,
    dailyAt: policy.backups.provider.dailyAt,
    dailyMaxAgeMs: policy.backups.provider.dailyMaxAgeMs,
    historyMs: policy.backups.provider.historyMs,
    usualLagMs: policy.restore.providerLagMs,
    maxLagMs: policy.backups.provider.maxLagMs,
    rpoMs: policy.objectives['data-loss'].rpoMs,
  };
}
