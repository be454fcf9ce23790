import { armRestore } from './arm-restore.ts';
import { awaitRestored } from './await-restored.ts';
import { type RestoreDependencies, restoreContext } from './dependencies.ts';
import { findRecoveryPoint } from './find-recovery-point.ts';
import { lowerFence } from './lower-fence.ts';
import { raiseFence } from './raise-fence.ts';
import { readNetworkRestrictions } from './read-network-restrictions.ts';
import { readRecoverability } from './read-recoverability.ts';
import { recheckTarget } from './recheck-target.ts';
import { sendRestoreRequest } from './send-restore-request.ts';
import { settleRestore } from './settle-restore.ts';

type InputOf<Activity extends (context: never, input: never) => unknown> = Parameters<Activity>[1];

/**
 * The activities around a restore in place, bound to one platform and one database. What each does, returns and
 * throws is told where it is defined.
 */
export function createRestoreActivities(dependencies: RestoreDependencies) {
  const context = restoreContext(dependencies);
  return {
    readRecoverability: () => readRecoverability(context),
    findRecoveryPoint: (input: InputOf<typeof findRecoveryPoint>) => findRecoveryPoint(context, input),
    recheckTarget: (input: InputOf<typeof recheckTarget>) => recheckTarget(context, input),
    readNetworkRestrictions: () => readNetworkRestrictions(context),
    raiseFence: (input: InputOf<typeof raiseFence>) => raiseFence(context, input),
    lowerFence: (input: InputOf<typeof lowerFence>) => lowerFence(context, input),
    armRestore: (input: InputOf<typeof armRestore>) => armRestore(context, input),
    sendRestoreRequest: (input: InputOf<typeof sendRestoreRequest>) => sendRestoreRequest(context, input),
    settleRestore: (input: InputOf<typeof settleRestore>) => settleRestore(context, input),
    awaitRestored: (input: InputOf<typeof awaitRestored>) => awaitRestored(context, input),
  };
}

/** The restore activities as a workflow names them. */
export type RestoreActivities = ReturnType<typeof createRestoreActivities>;
