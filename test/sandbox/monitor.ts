import { monitor } from '../../worker/monitor.ts';
import type { MonitorPolicy } from '../../workflows/contracts/policy.ts';
import { applicationCidr } from './vendhub/local-address.ts';

/**
 * The monitor of a small production, which looks more often. Rules and shares are what production has, and so is the time
 * to confirm: a deployment takes the sandbox's application away for up to 2 s.
 */
export const sandboxMonitor: MonitorPolicy = {
  ...monitor,
  probeEveryMs: 2_000,
  everyMs: {
    platform: 2_000,
    database: 2_000,
    pages: 10_000,
    security: 2_000,
    advice: 10_000,
    backups: 10_000,
  },
  patienceMs: { pages: 60_000, database: 15_000, other: 10_000 },
  slowQueries: { ...monitor.slowQueries, runningMs: 5_000 },
  errorRate: { ...monitor.errorRate, windowMs: 10_000, requestsWindowMs: 10_000 },
  knownNetworks: ['127.0.0.1/32', '::1/128', applicationCidr],
  bulkReads: { ...monitor.bulkReads, rows: 4_000 },
};
