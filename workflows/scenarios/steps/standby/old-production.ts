import { utc } from '../../../runbook/format.ts';
import { type ActionStep, manual, type StepContext } from '../../../runbook/runbook.ts';
import { fenceDatabase, pauseDeployments, stopApplication } from '../stop-writers.ts';

/** Where production answers, it is taken out of service before it is rebuilt elsewhere: what it takes from now on is lost. */
export const pauseOldDeployments: ActionStep = ofOldProduction(pauseDeployments, 'application');

/** As {@link pauseOldDeployments}. */
export const stopOldApplication: ActionStep = ofOldProduction(stopApplication, 'application');

/** As {@link pauseOldDeployments}; never undone once users are elsewhere. */
export const fenceOldDatabase: ActionStep = ofOldProduction(fenceDatabase, 'database');

/** Their steps, by the ids that every runbook gives them: measures of a run that handed over are among them. */
export const oldProductionSteps: readonly string[] = [pauseDeployments, stopApplication, fenceDatabase].map(
  ({ id }) => id,
);

/** Two productions that both take sales cannot be put together again. */
export const keepOldProductionStopped = manual({
  id: 'keep-old-production-stopped',
  title: 'Keep the old production from taking writes when it comes back',
  phase: 'resuming',
  skippable:
    'when the old production comes back, its jobs and open addresses may write to data that nobody reads',
  facts: ({ fact, facts }) => [
    ...(facts.oldProductionKept ?? []).map(({ inForce, since }) => ({
      label: 'In force there',
      value: `${inForce}, since ${utc(since)}: leave it so; this run does not count it as its own any more`,
    })),
    {
      label: 'Database platform',
      value: `${fact('providers').database.found}: pause the project, or restrict its network, as soon as it answers`,
    },
    {
      label: 'Application platform',
      value: `${fact('providers').application.found}: stop the deployment and switch automatic deployments off`,
    },
    {
      label: 'Then',
      value: `what it holds after ${utc(fact('standbySource').snapshotAt)} can be exported and looked through`,
    },
    {
      label: 'Backups',
      value:
        'point DATABASE_URL of the worker at the standby database and restart it: until then backups fail',
    },
  ],
});

function ofOldProduction(step: ActionStep, part: 'application' | 'database'): ActionStep {
  return {
    ...step,
    when: (context) =>
      answers(context, part) && !context.measures.some((measure) => measure.step === step.id),
    skippable: 'the old production goes on taking writes, and all of them are lost',
  };
}

function answers({ facts }: StepContext, part: 'application' | 'database'): boolean {
  return facts.providers?.[part].usable === true;
}
