import type { MailOutcome, UserMailDraft } from '../../workflows/contracts/evidence.ts';
import type { Database, Mailer } from '../ports.ts';
import { mailTeam, type TeamMail } from './mail-team.ts';
import { draftUserMail, mailUsers, type UserMailTemplate } from './mail-users.ts';

/** What the notification activities need. */
export interface NotificationDependencies {
  readonly mailer: Mailer;
  readonly database: Database;
  /** Right side of every Message-ID: the domain of the sender’s address. */
  readonly messageIdDomain: string;
}

/** Activities that write to people. */
export function createNotificationActivities(deps: NotificationDependencies) {
  return {
    /** See {@link mailTeam}. */
    mailTeam: (mail: TeamMail): Promise<MailOutcome> => mailTeam(deps, mail),
    /** See {@link draftUserMail}. */
    draftUserMail: (template: UserMailTemplate): Promise<UserMailDraft> =>
      draftUserMail(deps.database, template),
    /** See {@link mailUsers}. */
    mailUsers: (input: {
      readonly draft: UserMailDraft;
      readonly recipientsSql: string;
      readonly dedupeKey: string;
      readonly approvedInRun: string;
    }): Promise<MailOutcome> => mailUsers(deps, input),
  };
}

/** The notification activities as a workflow calls them. */
export type NotificationActivities = ReturnType<typeof createNotificationActivities>;
