import { checkNames } from '../contracts/check-names.ts';
import type { OperationCheck } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { duration } from '../runbook/format.ts';

/**
 * What complete failure can lose at most while copies are made at the policy's interval: the time between two, and the
 * time until one is at every location. Together they must stay under the RPO of complete failure.
 *
 * @param tookMs from the start of the copy until it was at every location, ms
 */
export function checkExposure(policy: Policy, tookMs: number): OperationCheck {
  const { recentIntervalMs } = policy.backups;
  const { rpoMs } = policy.objectives['complete-failure'];
  const exposureMs = recentIntervalMs + tookMs;
  return {
    name: checkNames.exposure,
    passed: exposureMs < rpoMs,
    found: `${duration(exposureMs)}: interval ${duration(recentIntervalMs)} and duration with all copies ${duration(tookMs)}`,
    expected: `less than ${duration(rpoMs)} (RPO)`,
  };
}
