import type { RecoveryInput, RepairInput } from '../contracts/inputs.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import { runRecovery } from '../runbook/recovery.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { confirmRestoredData, reconcile, verifyData } from './steps/after-restore.ts';
import { countFinalLoss, takeInventory, takeSafetyCopy } from './steps/before-restore.ts';
import {
  applySecurityBaseline,
  findLastCleanMoment,
  preserveLogs,
  preserveVolatileEvidence,
  proveCredentials,
  rotateByHand,
  rotateCredentials,
} from './steps/breach.ts';
import { checkBackupStatus, chooseRecoveryPoint } from './steps/find-corruption.ts';
import { restatePasswords } from './steps/restate-passwords.ts';
import { restoreDatabase } from './steps/restore-database.ts';
import { recordBaseline, resumeDeployments, startApplication, watchHealth } from './steps/resume.ts';
import { fenceDatabase, pauseDeployments, proveSilence, stopApplication } from './steps/stop-writers.ts';
import { tellTeam, tellUsers } from './steps/tell-people.ts';

/** Scenario 4 of the procedure: somebody was in who must not be. */
export const securityBreachRunbook: Runbook = {
  scenario: 'security-breach',
  title: 'Security breach',
  safeState: {
    beforeDestruction: 'production stays isolated: fenced, application stopped, deployments paused',
    afterDestruction: 'the database stays fenced and the application stopped until a person decides',
    staysIsolated: true,
  },
  steps: [
    checkBackupStatus,
    preserveVolatileEvidence,
    fenceDatabase,
    pauseDeployments,
    stopApplication,
    proveSilence,
    preserveLogs,
    takeSafetyCopy,
    findLastCleanMoment,
    chooseRecoveryPoint,
    takeInventory,
    countFinalLoss,
    restoreDatabase,
    restatePasswords,
    verifyData,
    confirmRestoredData,
    reconcile,
    rotateCredentials,
    rotateByHand,
    proveCredentials,
    applySecurityBaseline,
    startApplication,
    watchHealth,
    resumeDeployments,
    recordBaseline,
    tellTeam,
    tellUsers,
  ],
};

/**
 * Recovers from a security breach, or takes back what a terminated run of it left in force.
 *
 * @returns the report; see {@link runRecovery} for how it ends
 */
export async function securityBreach(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(securityBreachRunbook, input);
}
