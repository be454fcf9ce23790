import { DrError } from '../../errors.ts';

/**
 * Turns a failed delivery into the project's error. The server's own words are left out, and its error is not kept
 * as the cause: they often quote the address, and error messages stay readable in a workflow's history.
 *
 * @param error what nodemailer threw
 * @param host the mail server, for a person
 * @returns `mail-refused` (not retried: a 5xx answer to this mail), `mail-unavailable` (retried: no connection, a
 *   timeout, a 4xx answer), or `configuration-invalid` (not retried: user and password, which would fail for any mail)
 */
export function mailFailure(error: unknown, host: string): DrError {
  const code = readField(error, 'code') ?? 'unknown';
  const responseCode = readField(error, 'responseCode');
  const forNow = typeof responseCode === 'number' && responseCode < 500;
  if ((code === 'EAUTH' || code === 'ENOAUTH') && !forNow) {
    return new DrError('configuration-invalid', {
      happened: `The mail server ${host} refused the configured user and password (${code}).`,
      meaning: 'No mail can be sent until this is put right; the recovery itself goes on.',
      next: 'Correct the mail server’s URL in the configuration, and tell the recipients by other means.',
    });
  }
  if (typeof responseCode === 'number' && responseCode >= 500) {
    return new DrError('mail-refused', {
      happened: `The mail server ${host} refused the mail for good (SMTP ${responseCode}).`,
      meaning: 'This recipient did not get it; the recovery itself goes on.',
      next: 'Check the address and the sender, and tell the recipient by other means.',
    });
  }
  const answer = typeof responseCode === 'number' ? `SMTP ${responseCode}` : String(code);
  return new DrError('mail-unavailable', {
    happened: `The mail server ${host} did not take the mail (${answer}).`,
    meaning: 'It is tried again; the recovery itself goes on.',
    next: 'If this goes on, check the mail server and tell the recipients by other means.',
  });
}

function readField(error: unknown, field: 'code' | 'responseCode'): string | number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
