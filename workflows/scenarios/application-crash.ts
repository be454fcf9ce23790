import type { RecoveryInput, RepairInput } from '../contracts/inputs.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import { runRecovery } from '../runbook/recovery.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { goBackByGit, revertCommit } from './steps/go-back-by-git.ts';
import { keepVariables, setVariablesAgain } from './steps/keep-variables.ts';
import { confirmOutage, findApplication, nameCause, nameCauseAgain } from './steps/name-crash-cause.ts';
import { mendDatabaseLogin, restartApplication } from './steps/restart-application.ts';
import { watchHealth } from './steps/resume.ts';
import { chooseGoodDeployment, rollBack, rollBackByPolicy } from './steps/roll-back.ts';
import { tellTeamOfCrash } from './steps/tell-team-of-crash.ts';

/** Scenario 2 of the procedure: the application does not answer. */
export const applicationCrashRunbook: Runbook = {
  scenario: 'application-crash',
  title: 'Application crash',
  // By the procedure, recovery from a crash is automatic.
  unattended: true,
  safeState: {
    beforeDestruction:
      'the application stays as the last restart or deployment left it; the database was not touched',
    afterDestruction:
      'the application stays as the last restart or deployment left it; the database was not touched',
  },
  steps: [
    findApplication,
    confirmOutage,
    nameCause,
    mendDatabaseLogin,
    restartApplication,
    nameCauseAgain,
    chooseGoodDeployment,
    keepVariables,
    rollBackByPolicy,
    rollBack,
    setVariablesAgain,
    goBackByGit,
    // A restart that helped was watched already, and recovery time counts to that.
    { ...watchHealth, when: ({ facts }) => facts.health === undefined },
    tellTeamOfCrash,
    revertCommit,
  ],
};

/**
 * Recovers from a crash of the application. One whose database is damaged goes over into that runbook.
 *
 * @returns the report; see {@link runRecovery} for how it ends
 */
export async function applicationCrash(input: RecoveryInput | RepairInput): Promise<RecoveryReport> {
  return runRecovery(applicationCrashRunbook, input);
}
