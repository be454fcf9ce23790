/** One mail, as plain text and HTML. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Stays the same when the same mail is sent again, so that a reader can tell a duplicate. */
  readonly messageId?: string;
}

/**
 * Hands mail over to a server. Throws `mail-unavailable` (retried), `mail-refused`, or `configuration-invalid` for a
 * password that the server refuses.
 */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** Looks whether mail could be sent, and sends none. Throws as {@link Mailer} does. */
export interface MailServerCheck {
  /** Connects and logs in. */
  verify(): Promise<void>;
}

/** A second road for alerts. Throws `webhook-unavailable` (retried). */
export interface Webhook {
  post(text: string): Promise<void>;
}
