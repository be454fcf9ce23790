import { type AwaitDeploymentInput, awaitDeployment } from './await-deployment.ts';
import { checkVariableKeeping } from './check-variable-keeping.ts';
import { type ChooseGoodDeploymentInput, chooseGoodDeployment } from './choose-good-deployment.ts';
import { type ConfirmOutageInput, confirmOutage } from './confirm-outage.ts';
import type { CrashDependencies } from './dependencies.ts';
import { type DeployOnceInput, deployOnce } from './deploy-once.ts';
import { type KeepVariablesInput, keepVariables } from './keep-variables.ts';
import { type NameCauseInput, nameCause } from './name-cause.ts';
import { type ObserveRestartInput, observeRestart } from './observe-restart.ts';
import { type RestartApplicationInput, restartApplication } from './restart-application.ts';
import { type SetVariablesAgainInput, setVariablesAgain } from './set-variables-again.ts';

/** The activities of a crash: find the cause, restart, go back to a good deployment, put the variables right. */
export function createCrashActivities(dependencies: CrashDependencies) {
  return {
    awaitDeployment: (input: AwaitDeploymentInput) => awaitDeployment(dependencies, input),
    checkVariableKeeping: () => checkVariableKeeping(dependencies),
    confirmOutage: (input: ConfirmOutageInput) => confirmOutage(dependencies, input),
    nameCause: (input: NameCauseInput) => nameCause(dependencies, input),
    restartApplication: (input: RestartApplicationInput) => restartApplication(dependencies, input),
    observeRestart: (input: ObserveRestartInput) => observeRestart(dependencies, input),
    chooseGoodDeployment: (input: ChooseGoodDeploymentInput) => chooseGoodDeployment(dependencies, input),
    keepVariables: (input: KeepVariablesInput) => keepVariables(dependencies, input),
    deployOnce: (input: DeployOnceInput) => deployOnce(dependencies, input),
    setVariablesAgain: (input: SetVariablesAgainInput) => setVariablesAgain(dependencies, input),
  };
}

/** The activities of a crash as a workflow calls them. */
export type CrashActivities = ReturnType<typeof createCrashActivities>;
