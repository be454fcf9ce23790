import { utc } from '../../runbook/format.ts';
import type { StepContext } from '../../runbook/runbook.ts';
import { teamMailStep } from './team-mail.ts';

/** Tells the team what it was and what was done. */
export const tellTeamOfCrash = teamMailStep({
  id: 'tell-team-of-crash',
  title: 'Tell the team',
  mail: (context) => ({
    subject:
      context.facts.health === undefined
        ? 'Nobody has seen the application healthy'
        : 'The application is healthy again',
    lines: whatHappened(context),
  }),
});

function whatHappened({ facts, environment }: StepContext): string[] {
  const { crashCause: cause, restarts, wentBackTo, goodDeployment, restoredVariables, health } = facts;
  const { setAgain = [] } = restoredVariables ?? {};
  return [
    cause === undefined
      ? `The application of ${environment} was found healthy.`
      : `The application of ${environment} failed. ${cause.kind}: ${cause.found}`,
    ...(cause?.lines ?? []),
    ...(restarts === undefined ? [] : [`It was restarted ${restarts.restarted} times.`]),
    ...(wentBackTo === undefined
      ? []
      : [
          `It went back to deployment ${goodDeployment?.chosen?.id ?? 'unknown'}, as deployment ${wentBackTo.deploymentId}.`,
        ]),
    ...(setAgain.length === 0 ? [] : [`Variables set again after the rollback: ${setAgain.join(', ')}.`]),
    `Healthy since ${utc(health?.healthySince ?? null)}. The database was not touched.`,
  ];
}
