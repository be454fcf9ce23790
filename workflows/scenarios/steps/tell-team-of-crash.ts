import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';
import { utc } from '../../runbook/format.ts';
import { action, type StepContext } from '../../runbook/runbook.ts';

/** Tells the team what it was and what was done. A mail that cannot be sent is said and holds nothing back. */
export const tellTeamOfCrash = action({
  id: 'tell-team-of-crash',
  title: 'Tell the team',
  phase: 'resuming',
  undo: null,
  run: async (context) => {
    const { policy, environment, keyPrefix, facts } = context;
    const recipients = policy.mail.team;
    try {
      const teamMail = await activities.quickNotification.mailTeam({
        recipients,
        subject: `[${environment}] ${facts.health === undefined ? 'Nobody has seen the application healthy' : 'The application is healthy again'}`,
        lines: whatHappened(context),
        dedupeKey: `${keyPrefix}/tell-team-of-crash`,
      });
      return { teamMail };
    } catch (error) {
      return { teamMail: { sent: 0, failed: recipients.length, reason: explainFailure(error).happened } };
    }
  },
  summary: ({ fact }) => {
    const { sent, failed, reason } = fact('teamMail');
    return `sent ${sent}, failed ${failed}${reason === null ? '' : `: ${reason}`}`;
  },
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
