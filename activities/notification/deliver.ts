import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { MailOutcome } from '../../workflows/contracts/evidence.ts';
import { DrError } from '../errors.ts';
import type { Mail, Mailer } from '../ports.ts';
import type { Recipient, RecipientList } from './recipients.ts';

/** How far a sending has come. Holds no address. */
const progressSchema = z.object({
  sent: z.number(),
  refused: z.number(),
  /** Everybody up to this id was tried. */
  triedUpTo: z.string(),
  /** Of those, the ids whose mail the server could not take yet. */
  deferred: z.array(z.string()),
});

const heartbeatEveryMs = 2_000;

/** After so many failures in a row it is the server that is away, and the rest of the list waits for the next try. */
const failuresInARow = 5;

/**
 * Sends one mail to each recipient of the list. Those who cannot be reached now do not keep the others waiting; at the
 * end their mails make the activity fail, and Temporal's next try goes on with them alone: what was done is kept in the
 * heartbeat. Only a worker that dies between a mail and its heartbeat can send one twice, under the same Message-ID.
 *
 * @returns how many were sent and refused; holds no address
 * @throws DrError `mail-unavailable` (retried) while mails are left, `configuration-invalid` when the server refuses
 *   the sender's password; CancelledFailure when cancelled
 */
export async function deliver(
  mailer: Mailer,
  { recipients, invalid }: RecipientList,
  compose: (recipient: Recipient) => Mail,
): Promise<MailOutcome> {
  const context = Context.current();
  const known = progressSchema.safeParse(context.info.heartbeatDetails);
  let { sent, refused, triedUpTo } = known.data ?? { sent: 0, refused: 0, triedUpTo: '' };
  const deferred = new Set(known.data?.deferred);
  const beat = () => context.heartbeat({ sent, refused, triedUpTo, deferred: [...deferred] });
  const heartbeats = setInterval(beat, heartbeatEveryMs);
  let failures = 0;
  try {
    beat();
    for (const recipient of recipients) {
      const { id } = recipient;
      if (id <= triedUpTo && !deferred.has(id)) continue;
      context.cancellationSignal.throwIfAborted();
      const outcome = await sendOne(mailer, compose(recipient));
      if (outcome === 'unavailable') deferred.add(id);
      else deferred.delete(id);
      if (outcome === 'sent') sent += 1;
      if (outcome === 'refused') refused += 1;
      if (id > triedUpTo) triedUpTo = id;
      beat();
      failures = outcome === 'unavailable' ? failures + 1 : 0;
      if (failures === failuresInARow) break;
    }
  } finally {
    clearInterval(heartbeats);
  }
  const left = recipients.filter(({ id }) => id > triedUpTo || deferred.has(id)).length;
  if (left > 0) throw notAllSent(left, recipients.length);
  return { sent, failed: refused + invalid, reason: reasonFor(refused, invalid) };
}

async function sendOne(mailer: Mailer, mail: Mail): Promise<'sent' | 'refused' | 'unavailable'> {
  try {
    await mailer.send(mail);
    return 'sent';
  } catch (error) {
    if (error instanceof DrError && error.type === 'mail-unavailable') return 'unavailable';
    if (error instanceof DrError && error.type === 'mail-refused') return 'refused';
    throw error;
  }
}

function reasonFor(refused: number, invalid: number): string | null {
  const reasons = [
    ...(refused > 0 ? [`${refused} refused by the mail server`] : []),
    ...(invalid > 0 ? [`${invalid} without a usable address`] : []),
  ];
  return reasons.length === 0 ? null : reasons.join(', ');
}

function notAllSent(left: number, all: number): DrError {
  return new DrError('mail-unavailable', {
    happened: `The mail server has not taken ${left} of ${all} mails yet.`,
    meaning: 'They are tried again; those that were sent are not sent twice. The recovery itself goes on.',
    next: 'If this goes on, check the mail server and tell the recipients by other means.',
  });
}
