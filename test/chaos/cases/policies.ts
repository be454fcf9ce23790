import type { RunnableScenario } from '../../../workflows/contracts/names.ts';
import { crashPolicy } from '../../end-to-end/crash.ts';
import { quickPolicy } from '../../end-to-end/production.ts';
import type { PolicyPatch } from '../../sandbox/policy-patch.ts';

const restoring = { ...quickPolicy, restore: { ...quickPolicy.restore, requestDeadlineMs: 3_000 } };

/** The short waits of each scenario. */
export const policies: Readonly<Record<RunnableScenario, PolicyPatch>> = {
  'data-loss': restoring,
  'database-corruption': restoring,
  'security-breach': restoring,
  // No deployment counts as new, so that restarts are tried first; the watch is long enough for a request that kills.
  'application-crash': {
    ...crashPolicy,
    crash: { ...crashPolicy.crash, newDeploymentMs: 1 },
    health: { ...crashPolicy.health, watchMs: 2_000 },
  },
  'complete-failure': { ...quickPolicy, standby: { restoreUploads: true } },
};

/** A rollback waits for an approval. */
export const rollbackByApproval: PolicyPatch = {
  ...policies['application-crash'],
  crash: { ...policies['application-crash'].crash, rollbackWithoutApproval: false },
};

/** Something of what the standby environment takes over can be exchanged there. */
export const stolenSecrets: PolicyPatch = {
  ...policies['complete-failure'],
  security: { declareCookieSecret: true },
};
