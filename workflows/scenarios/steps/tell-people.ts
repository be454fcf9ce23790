import { activities } from '../../runbook/activities.ts';
import { plural, utc, utcSecond } from '../../runbook/format.ts';
import { destructive, type StepContext } from '../../runbook/runbook.ts';
import { mailInOneLine, teamMailStep } from './team-mail.ts';

/** Tells the team at once. */
export const tellTeam = teamMailStep({
  id: 'tell-team',
  title: 'Tell the team',
  mail: ({ environment, fact, facts }) => ({
    subject:
      facts.health === undefined
        ? 'The data is restored; nobody has seen the application healthy'
        : 'The application is healthy again',
    lines: [
      `The database of ${environment} was restored to ${utcSecond(fact('recoveryPoint').targetUnix)} and verified.`,
      `Healthy since ${utc(facts.health?.healthySince ?? null)}.`,
      `Commits after the target, until ${utc((facts.countsBeforeRewind ?? facts.finalCounts)?.newestCommitAt ?? null)}, are not in it.`,
    ],
  }),
});

/** Tells the users, by a text that a person approves. Cannot be taken back, so never without that. */
export const tellUsers = destructive({
  id: 'tell-users',
  title: 'Tell the users',
  phase: 'resuming',
  optional: true,
  when: ({ policy }) => policy.mail.userRecipients !== '',
  gate: {
    prepare: async (context) => ({ userMailDraft: await draft(context) }),
    question: ({ fact }) => `Send this mail to ${plural(fact('userMailDraft').recipients, 'user', 'users')}?`,
    facts: ({ fact }) => {
      const { subject, body, recipients, recipientSource } = fact('userMailDraft');
      return [
        { label: 'Recipients', value: `${recipients}, read when it is sent from: ${recipientSource}` },
        { label: 'Subject', value: subject },
        { label: 'Text', value: body },
      ];
    },
    plan: ({ fact, facts }) => {
      const { subject, body, recipients, recipientSource } = fact('userMailDraft');
      return {
        project: facts.recoveryPoint?.project ?? null,
        arguments: { subject, body, recipients: String(recipients), recipientSource },
        safetyCopySha256: null,
        maximumLoss: [],
      };
    },
    approveLeadsTo: 'the mail is sent to every one of them; it cannot be called back',
  },
  recheck: async (context) => {
    const approved = context.fact('userMailDraft');
    const current = await draft(context);
    const holds = current.recipients <= approved.recipients;
    return {
      holds,
      reasons: holds
        ? []
        : [`There are ${current.recipients} recipients now; approved were ${approved.recipients}.`],
    };
  },
  run: async ({ policy, keyPrefix, fact }) => ({
    userMail: await activities.notification.mailUsers({
      draft: fact('userMailDraft'),
      recipientsSql: policy.mail.userRecipients,
      dedupeKey: `${keyPrefix}/tell-users`,
      approvedInRun: fact('approvedInRun'),
    }),
  }),
  summary: ({ fact }) => mailInOneLine(fact('userMail')),
});

function draft({ policy, fact, facts }: StepContext) {
  const { targetUnix } = fact('recoveryPoint');
  return activities.quickNotification.draftUserMail({
    subject: policy.mail.userSubject,
    body: policy.mail.userBody,
    fields: {
      recoveredTo: utcSecond(targetUnix),
      discardedFrom: utcSecond(targetUnix),
      discardedTo: utc((facts.countsBeforeRewind ?? facts.finalCounts)?.newestCommitAt ?? null),
    },
    recipientsSql: policy.mail.userRecipients,
  });
}
