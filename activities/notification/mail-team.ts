import type { MailOutcome } from '../../workflows/contracts/evidence.ts';
import type { Mailer } from '../ports.ts';
import { deliver } from './deliver.ts';
import { renderHtml } from './html.ts';
import { messageId } from './message-id.ts';
import { listRecipients } from './recipients.ts';

/** A mail to the team. */
export interface TeamMail {
  readonly recipients: readonly string[];
  readonly subject: string;
  /** Paragraphs; one that begins with a command, such as `npx dr …`, is set so that it can be copied. */
  readonly lines: readonly string[];
  /** The same for the same mail, so that a reader’s program can tell a double. */
  readonly dedupeKey: string;
}

/**
 * Sends a mail to each of the team, as plain text and HTML. One address that fails does not keep it from the others.
 *
 * @throws DrError `mail-unavailable` (retried; those who have it do not get it again)
 */
export function mailTeam(
  deps: { readonly mailer: Mailer; readonly messageIdDomain: string },
  mail: TeamMail,
): Promise<MailOutcome> {
  const subject = mail.subject.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  const text = `${mail.lines.join('\n\n')}\n`;
  const html = renderHtml(subject, mail.lines);
  return deliver(deps.mailer, listRecipients(mail.recipients, mail.dedupeKey), ({ address, id }) => ({
    to: address,
    subject,
    text,
    html,
    messageId: messageId(id, deps.messageIdDomain),
  }));
}
