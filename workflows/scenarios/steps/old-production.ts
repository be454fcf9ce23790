import type { ActionStep, StepContext } from '../../runbook/runbook.ts';
import { fenceDatabase, pauseDeployments, stopApplication } from './stop-writers.ts';

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
