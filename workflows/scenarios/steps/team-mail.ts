import type { MailOutcome } from '../../contracts/evidence.ts';
import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';
import { type ActionStep, action, type StepContext } from '../../runbook/runbook.ts';

/** Declares a step that mails the team. A mail that cannot be sent is said and holds nothing back. */
export function teamMailStep(step: {
  readonly id: string;
  readonly title: string;
  /** What it says; the environment is put in front of the subject. */
  readonly mail: (context: StepContext) => { readonly subject: string; readonly lines: readonly string[] };
}): ActionStep {
  const { id, title, mail } = step;
  return action({
    id,
    title,
    phase: 'resuming',
    undo: null,
    run: async (context) => {
      const { policy, environment, keyPrefix } = context;
      const recipients = policy.mail.team;
      const { subject, lines } = mail(context);
      try {
        const teamMail = await activities.quickNotification.mailTeam({
          recipients,
          subject: `[${environment}] ${subject}`,
          lines,
          dedupeKey: `${keyPrefix}/${id}`,
        });
        return { teamMail };
      } catch (error) {
        return { teamMail: { sent: 0, failed: recipients.length, reason: explainFailure(error).happened } };
      }
    },
    summary: ({ fact }) => mailInOneLine(fact('teamMail')),
  });
}

/** What became of a mail, in one line. */
export function mailInOneLine({ sent, failed, reason }: MailOutcome): string {
  return `sent ${sent}, failed ${failed}${reason === null ? '' : `: ${reason}`}`;
}
