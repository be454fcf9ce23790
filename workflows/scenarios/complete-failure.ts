import type { RecoveryInput, RepairInput } from '../contracts/inputs.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import { runRecovery } from '../runbook/recovery.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { watchHealth } from './steps/resume.ts';
import {
  assessProviders,
  chooseStandbySource,
  fenceOldDatabase,
  keepOldProductionStopped,
  pauseOldDeployments,
  proveStandbyCredentials,
  rebuildDatabase,
  restoreUploads,
  rotateStandbyByHand,
  rotateStandbyCredentials,
  startStandbyApplication,
  stopOldApplication,
  switchOver,
  tellTeamOfRebuild,
  verifyStandby,
  watchStandbyHealth,
} from './steps/standby/index.ts';

/** Section 8 of the procedure: everything is gone. Needs no answer of any provider. */
export const completeFailureRunbook: Runbook = {
  scenario: 'complete-failure',
  title: 'Complete failure',
  safeState: {
    beforeDestruction: 'the standby environment is removed again; production is as it was found',
    afterDestruction:
      'what is in force stays, and users stay directed to where they are now, until a person decides',
  },
  steps: [
    assessProviders,
    chooseStandbySource,
    pauseOldDeployments,
    stopOldApplication,
    fenceOldDatabase,
    rebuildDatabase,
    verifyStandby,
    restoreUploads,
    rotateStandbyCredentials,
    rotateStandbyByHand,
    startStandbyApplication,
    proveStandbyCredentials,
    watchStandbyHealth,
    switchOver,
    watchHealth,
    tellTeamOfRebuild,
    keepOldProductionStopped,
  ],
};

/**
 * Rebuilds production elsewhere from own backups, or repairs what a terminated run of it left in force.
 *
 * @returns the report; see {@link runRecovery} for how it ends
 */
export async function completeFailure(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(completeFailureRunbook, input);
}
