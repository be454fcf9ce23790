import { policy } from '../../worker/policy.ts';
import type { Policy } from '../../workflows/contracts/policy.ts';
import { sandboxMonitor } from './monitor.ts';

/**
 * VendHub's policy with the waits of a small production: everything else, rules and thresholds, is what production has.
 * The sandbox's provider restores in seconds and lags by 3 s at most.
 */
export const sandboxPolicy: Policy = {
  ...policy,
  expected: {
    ...policy.expected,
    restore: { minMs: 3_000, maxMs: 20_000 },
    redeploy: { minMs: 500, maxMs: 5_000 },
  },
  fence: {
    ...policy.fence,
    quietMs: 2_000,
    deadlineMs: 20_000,
    openRoads: ['the REST API of the sandbox, which only reads: network restrictions do not close it'],
  },
  restore: {
    ...policy.restore,
    requestDeadlineMs: 10_000,
    settleMs: 15_000,
    deadlineMs: 120_000,
    providerLagMs: 3_000,
  },
  health: { watchMs: 3_000, probeEveryMs: 500, deadlineMs: 30_000 },
  crash: { ...policy.crash, withinMs: 60_000, restartDeadlineMs: 10_000, newDeploymentMs: 30_000 },
  // The sandbox's application and worker connect without TLS.
  security: { ...policy.security, baseline: { ...policy.security.baseline, sslEnforced: false } },
  // The sandbox was made minutes ago and has little room to fill.
  backups: {
    ...policy.backups,
    minFreeBytes: 100e6,
    storeAgainAfterMs: [1_000],
    provider: { ...policy.backups.provider, windowMs: 1_000, maxLagMs: 60_000 },
  },
  // What is verified here says nothing about the provider.
  drill: { ...policy.drill, label: 'sandbox', noticeWithinMs: 60_000, showWithinMs: 30_000 },
  monitor: sandboxMonitor,
  pollEveryMs: 250,
};
