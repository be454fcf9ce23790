import { activityInfo } from '@temporalio/activity';
import type { MailOutcome, UserMailDraft } from '../../workflows/contracts/evidence.ts';
import { DrError } from '../errors.ts';
import type { Database, Mailer } from '../ports.ts';
import { deliver } from './deliver.ts';
import { renderHtml } from './html.ts';
import { messageId } from './message-id.ts';
import { listRecipients, readAddresses } from './recipients.ts';

/** What a mail to the users is made of. */
export interface UserMailTemplate {
  readonly subject: string;
  /** Plain text; `{{name}}` is replaced by the field of that name. */
  readonly body: string;
  readonly fields: Readonly<Record<string, string>>;
  /** SQL whose first column holds the addresses. */
  readonly recipientsSql: string;
}

/**
 * Fills in the mail and counts whom it would go to, without sending. Addresses stay in the database.
 *
 * @throws DrError `input-invalid` for a field without a value or a subject with a line break, and
 *   `database-unreachable` (retried) or `database-query-failed`
 */
export async function draftUserMail(database: Database, template: UserMailTemplate): Promise<UserMailDraft> {
  const subject = fill(template.subject, template.fields);
  const body = fill(template.body, template.fields);
  if (/[\p{Cc}\u2028\u2029]/u.test(subject)) throw draftInvalid('The subject holds a line break.');
  const { recipients } = listRecipients(await readAddresses(database, template.recipientsSql), '');
  return { subject, body, recipients: recipients.length, recipientSource: template.recipientsSql };
}

/**
 * Sends an approved mail to every user, one mail each. The addresses are read now, from the database as it is now, and
 * appear in no result, heartbeat or error.
 *
 * @param input.approvedInRun the Temporal run that the approval was given to; in another one nothing is sent
 * @throws DrError `mail-refused` in another run, `mail-unavailable` (retried; nobody gets it twice), `database-unreachable` (retried),
 *   `database-query-failed`
 */
export async function mailUsers(
  deps: { readonly mailer: Mailer; readonly database: Database; readonly messageIdDomain: string },
  input: {
    readonly draft: UserMailDraft;
    readonly recipientsSql: string;
    readonly dedupeKey: string;
    readonly approvedInRun: string;
  },
): Promise<MailOutcome> {
  const runId = activityInfo().workflowExecution?.runId;
  if (runId !== input.approvedInRun) throw approvedElsewhere(input.approvedInRun);
  const { subject, body } = input.draft;
  const addresses = await readAddresses(deps.database, input.recipientsSql);
  const html = renderHtml(subject, body.split(/\n\s*\n/));
  return deliver(deps.mailer, listRecipients(addresses, input.dedupeKey), ({ address, id }) => ({
    to: address,
    subject,
    text: body,
    html,
    messageId: messageId(id, deps.messageIdDomain),
  }));
}

/** A run that was reset replays the approval of the run before. */
function approvedElsewhere(approvedInRun: string): DrError {
  return new DrError('mail-refused', {
    happened: `The mail was approved in run ${approvedInRun}, before this run was reset.`,
    meaning: 'It was not sent by this run; the run before may have sent it.',
    next: 'Find out whether users got it; then skip the step, or retry to be asked for a new approval.',
  });
}

function fill(template: string, fields: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined) throw draftInvalid(`The mail names the field "${name}", which has no value.`);
    return value;
  });
}

function draftInvalid(happened: string): DrError {
  return new DrError('input-invalid', {
    happened,
    meaning: 'No mail was drafted or sent.',
    next: 'Correct the mail in the policy and retry.',
  });
}
