import { createTransport } from 'nodemailer';
import { DrError } from '../../errors.ts';
import type { Mailer, MailServerCheck } from '../../ports.ts';
import { mailFailure } from './failure.ts';

/** Where mail is handed over, and in whose name. */
export interface SmtpSettings {
  /** `smtp://user:password@host:port` or `smtps://…`; a secret, never shown. */
  readonly url: string;
  /** The sender's address, such as `VendHub recovery <dr@vendhub.example>`. */
  readonly from: string;
  /** Longest silence of the server in one exchange, in ms; 15,000 when not given. */
  readonly timeoutMs?: number;
}

/** A {@link Mailer} with connections to close. */
export interface SmtpMailer extends Mailer, MailServerCheck {
  /** Closes the connection once the mail under way is handed over. */
  close(): void;
}

/**
 * Hands mail to an SMTP server over one kept connection. Outside this machine the connection must be encrypted: where
 * `smtp://` is given and the server offers no STARTTLS, no password is sent and the mail is not either.
 *
 * @returns the mailer; `send` throws `mail-unavailable` (retried), `mail-refused`, or `configuration-invalid` for a wrong
 *   password
 * @throws DrError `configuration-invalid` when the URL or the sender cannot be used
 */
export function createSmtpMailer(settings: SmtpSettings): SmtpMailer {
  const url = parseUrl(settings.url);
  const timeoutMs = settings.timeoutMs ?? 15_000;
  const secure = url.protocol === 'smtps:';
  const onThisMachine = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (hasControlCharacter(settings.from)) throw configurationInvalid('The sender holds a control character.');
  const transport = createTransport({
    pool: true,
    maxConnections: 1,
    // A mail whose connection broke may have arrived: whether to send it again is the caller's decision.
    maxRequeues: 0,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !onThisMachine,
    ...(url.username === '' ? {} : { auth: { user: decode(url.username), pass: decode(url.password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send(mail) {
      if ([mail.to, mail.subject, mail.messageId ?? ''].some(hasControlCharacter)) {
        throw new DrError('mail-refused', {
          happened: 'A header of the mail holds a line break or another control character.',
          meaning: 'The mail was not sent: the text behind it would have become headers of its own.',
          next: 'Correct the address or the subject.',
        });
      }
      try {
        await transport.sendMail({
          from: settings.from,
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          ...(mail.html === undefined ? {} : { html: mail.html }),
          ...(mail.messageId === undefined ? {} : { messageId: mail.messageId }),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw mailFailure(error, url.host);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (error) {
        throw mailFailure(error, url.host);
      }
    },
    close: () => transport.close(),
  };
}

function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw configurationInvalid('The user or password in the mail server’s URL is not percent-encoded.');
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '') return url;
  throw configurationInvalid('The mail server’s URL cannot be used.');
}

function configurationInvalid(happened: string): DrError {
  return new DrError('configuration-invalid', {
    happened,
    meaning: 'No mail can be sent.',
    next: 'Give it as smtp://user:password@host:port or smtps://…, with special characters percent-encoded.',
  });
}
