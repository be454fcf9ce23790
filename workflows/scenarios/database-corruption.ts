import type { RecoveryInput, RepairInput } from '../contracts/inputs.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import { runRecovery } from '../runbook/recovery.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { confirmRestoredData, reconcile, verifyData } from './steps/after-restore.ts';
import { countFinalLoss, takeInventory, takeSafetyCopy } from './steps/before-restore.ts';
import {
  boundCorruption,
  checkBackupStatus,
  chooseRecoveryPoint,
  proveCorruption,
} from './steps/find-corruption.ts';
import { restatePasswords } from './steps/restate-passwords.ts';
import { restoreDatabase } from './steps/restore-database.ts';
import {
  lowerFence,
  recordBaseline,
  resumeDeployments,
  startApplication,
  watchHealth,
} from './steps/resume.ts';
import { fenceDatabase, pauseDeployments, proveSilence, stopApplication } from './steps/stop-writers.ts';
import { tellTeam, tellUsers } from './steps/tell-people.ts';

/** Scenario 1 of the procedure: stored data is damaged. */
export const databaseCorruptionRunbook: Runbook = {
  scenario: 'database-corruption',
  title: 'Database corruption',
  safeState: {
    beforeDestruction: 'everything is undone: the application runs again on the data as it was found',
    afterDestruction: 'the database stays fenced and the application stopped until a person decides',
  },
  steps: [
    checkBackupStatus,
    proveCorruption,
    boundCorruption,
    chooseRecoveryPoint,
    pauseDeployments,
    stopApplication,
    fenceDatabase,
    proveSilence,
    takeInventory,
    takeSafetyCopy,
    countFinalLoss,
    restoreDatabase,
    restatePasswords,
    verifyData,
    confirmRestoredData,
    reconcile,
    lowerFence,
    startApplication,
    watchHealth,
    resumeDeployments,
    recordBaseline,
    tellTeam,
    tellUsers,
  ],
};

/**
 * Recovers from a damaged database, or repairs what a terminated run of it left in force.
 *
 * @returns the report; see {@link runRecovery} for how it ends
 */
export async function databaseCorruption(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(databaseCorruptionRunbook, input);
}
