import { isCancellation } from '@temporalio/workflow';
import type { Policy } from '../contracts/policy.ts';
import type { LocationRetention, RetentionPlanInput, RetentionPlanReport } from '../contracts/retention.ts';
import { activities } from '../runbook/activities.ts';
import { explainFailure } from '../runbook/failure.ts';
import { bytes } from '../runbook/format.ts';

/** Says which backups a retention would remove now, and why each other one is kept. Reads only. */
export async function planRetention({ environment }: RetentionPlanInput): Promise<RetentionPlanReport> {
  const policy = await activities.governance.admit({ environment, startedBy: null });
  const at = new Date().toISOString();
  return { environment, at, locations: await planEverywhere(policy, at) };
}

/**
 * Plans the retention at each location; one that fails keeps no other from being planned.
 *
 * @param now RFC 3339, UTC
 */
export async function planEverywhere(policy: Policy, now: string): Promise<readonly LocationRetention[]> {
  const rotation = rotationOf(policy);
  const planned: LocationRetention[] = [];
  for (const location of await activities.vault.locationNames()) {
    try {
      const plan = await activities.vault.planBackupRotation({ location, policy: rotation, now });
      planned.push({ location, plan });
    } catch (error) {
      if (isCancellation(error)) throw error;
      planned.push({ location, failure: explainFailure(error) });
    }
  }
  return planned;
}

/** How many backups of each kind are kept, and how long the half-hourly ones. */
export function rotationOf({ backups }: Pick<Policy, 'backups'>) {
  return { ...backups.keep, recentMs: backups.keepRecentMs };
}

/** One line for each backup that a plan removes, and for each that a lock holds although it is due. */
export function removalLines(planned: readonly LocationRetention[]): readonly string[] {
  return planned.flatMap((one) =>
    'failure' in one
      ? [`${one.location}: nothing is removed: ${one.failure.happened}`]
      : [
          ...one.plan.remove.map(
            ({ key, bytes: size, why }) => `${one.location}: removes ${key} (${bytes(size)}): ${why}`,
          ),
          ...one.plan.keep
            .filter(({ held }) => held === true)
            .map(({ key, why }) => `${one.location}: leaves ${key}: ${why}`),
        ],
  );
}
