import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerAddress } from 'smtp-server';
import { freeServerPort } from '../process/free-port.ts';
import { Inbox, type InboxMail } from './inbox.ts';
import { inboxPages } from './inbox-pages.ts';

/** A running mail server with an inbox that a person and a test can read. */
export interface SandboxSmtp {
  /** `smtp://user:password@127.0.0.1:port`, a secret as any other mail server's. */
  readonly url: string;
  /** The inbox for a browser; `<inboxUrl>/messages` is the same as JSON. */
  readonly inboxUrl: string;
  /** All mail so far, oldest first. */
  messages(): readonly InboxMail[];
  /** Resolves with the first mail that fits, past or future; rejects after `timeoutMs`. */
  waitForMessage(fits: (mail: InboxMail) => boolean, timeoutMs: number): Promise<InboxMail>;
  /** Answers the next `count` recipients with this SMTP code: 550 is for good (the default), 450 for now. */
  refuseNext(count: number, code?: 450 | 550): void;
  /** Refuses one address, for good, until the server stops. */
  refuseAddress(address: string): void;
  /** Closes the port, or opens the same one again. The inbox stays readable. */
  setDown(down: boolean): Promise<void>;
  /** Ends both servers. Safe to call twice. */
  stop(): Promise<void>;
}

class SmtpRefusal extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/**
 * Starts a real SMTP server that asks for a password, and its inbox over HTTP, both on 127.0.0.1 and free ports.
 *
 * @param options.inboxPort port of the inbox; a free one when not given
 */
export async function startSandboxSmtp(options: { readonly inboxPort?: number } = {}): Promise<SandboxSmtp> {
  const inbox = new Inbox();
  const password = randomBytes(18).toString('base64url');
  const refusedAddresses = new Set<string>();
  let refusals: { count: number; code: 450 | 550 } = { count: 0, code: 550 };

  const judge = (recipient: SMTPServerAddress): SmtpRefusal | null => {
    if (refusals.count > 0) {
      refusals = { ...refusals, count: refusals.count - 1 };
      return new SmtpRefusal(refusals.code, `<${recipient.address}> is refused by order`);
    }
    if (refusedAddresses.has(recipient.address.toLowerCase())) {
      return new SmtpRefusal(550, `<${recipient.address}> is unknown here`);
    }
    return null;
  };

  const listen = (port: number): Promise<{ server: SMTPServer; port: number }> => {
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      closeTimeout: 100,
      disableReverseLookup: true,
      onAuth(auth, _session, done) {
        if (auth.username === 'sandbox' && auth.password === password) done(null, { user: 'sandbox' });
        else done(new SmtpRefusal(535, 'Wrong user or password'));
      },
      onRcptTo(recipient, _session, done) {
        done(judge(recipient));
      },
      onData(stream, session, done) {
        simpleParser(stream)
          .then((mail) => {
            const { mailFrom, rcptTo } = session.envelope;
            inbox.add({
              receivedAt: new Date().toISOString(),
              from: mailFrom === false ? '' : (mailFrom.address ?? ''),
              to: rcptTo.map((recipient) => recipient.address),
              subject: mail.subject ?? '',
              messageId: mail.messageId ?? '',
              text: mail.text ?? '',
              html: mail.html || '',
            });
            done();
          })
          .catch(done);
      },
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      const listener = server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        server.on('error', () => undefined);
        resolve({ server, port: portOf(listener.address()) });
      });
    });
  };

  const close = (server: SMTPServer) => new Promise<void>((resolve) => server.close(resolve));

  const first = await listen(await freeServerPort());
  let running: SMTPServer | undefined = first.server;
  const pages = await servePages(inbox, options.inboxPort ?? 0);

  return {
    url: `smtp://sandbox:${password}@127.0.0.1:${first.port}`,
    inboxUrl: pages.url,
    messages: () => inbox.list(),
    waitForMessage: (fits, timeoutMs) => inbox.waitFor(fits, timeoutMs),
    refuseNext(count, code = 550) {
      refusals = { count, code };
    },
    refuseAddress(address) {
      refusedAddresses.add(address.toLowerCase());
    },
    async setDown(down) {
      if (down && running !== undefined) {
        const server = running;
        running = undefined;
        await close(server);
      } else if (!down && running === undefined) {
        running = (await listen(first.port)).server;
      }
    },
    async stop() {
      const server = running;
      running = undefined;
      if (server !== undefined) await close(server);
      await pages.stop();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}

async function servePages(inbox: Inbox, port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const app = inboxPages(inbox);
  const { server, port: taken } = await new Promise<{ server: ServerType; port: number }>(
    (resolve, reject) => {
      const starting = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (info) =>
        resolve({ server: starting, port: info.port }),
      );
      starting.once('error', reject);
    },
  );
  return {
    url: `http://127.0.0.1:${taken}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
