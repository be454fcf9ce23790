import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSmtpMailer, type SmtpMailer } from '../../../../activities/adapters/smtp/index.ts';
import { DrError } from '../../../../activities/errors.ts';
import { type SandboxSmtp, startSandboxSmtp } from '../../../sandbox/smtp/index.ts';

const from = 'VendHub recovery <dr@vendhub.test>';
const mail = { to: 'ada@vendhub.test', subject: 'Über alles', text: 'Text ✓\n' };

describe('the SMTP mailer', () => {
  let server: SandboxSmtp;
  let mailer: SmtpMailer;
  beforeAll(async () => {
    server = await startSandboxSmtp();
    mailer = createSmtpMailer({ url: server.url, from });
  });
  afterAll(async () => {
    mailer.close();
    await server.stop();
  });

  const failureOf = async (work: Promise<unknown>): Promise<DrError> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DrError)) throw new Error(`Not a DrError: ${String(error)}`);
    expect(error.message).not.toContain(new URL(server.url).password);
    expect(error.message).not.toContain(mail.to);
    return error;
  };

  it('hands over text, HTML and the given Message-ID', async () => {
    await mailer.send({ ...mail, html: '<p>HTML</p>', messageId: '<abc@vendhub.test>' });
    const arrived = await server.waitForMessage(({ subject }) => subject === mail.subject, 60_000);
    expect(arrived).toMatchObject({
      from: 'dr@vendhub.test',
      to: [mail.to],
      text: mail.text,
      messageId: '<abc@vendhub.test>',
    });
    expect(arrived.html).toContain('<p>HTML</p>');
  });

  it('logs in without sending anything, and tells a server that is away', async () => {
    const before = server.messages().length;
    await mailer.verify();
    expect(server.messages().length).toBe(before);
    await server.setDown(true);
    expect((await failureOf(mailer.verify())).type).toBe('mail-unavailable');
    await server.setDown(false);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    const stranger = createSmtpMailer({ url: wrong.href, from });
    expect((await failureOf(stranger.verify())).type).toBe('configuration-invalid');
    stranger.close();
  });

  it('tells a refusal for good from one for now, and sends again afterwards', async () => {
    server.refuseNext(1);
    expect(await failureOf(mailer.send(mail))).toMatchObject({ type: 'mail-refused', retried: false });
    server.refuseNext(1, 450);
    expect(await failureOf(mailer.send(mail))).toMatchObject({ type: 'mail-unavailable', retried: true });
    await mailer.send({ ...mail, subject: 'After refusals' });
    await server.waitForMessage(({ subject }) => subject === 'After refusals', 60_000);
  });

  it('says that a server which is away may be tried again, and finds it when it is back', async () => {
    await server.setDown(true);
    expect((await failureOf(mailer.send(mail))).type).toBe('mail-unavailable');
    await server.setDown(false);
    await mailer.send({ ...mail, subject: 'Back' });
    await server.waitForMessage(({ subject }) => subject === 'Back', 60_000);
  });

  it('gives up on a server that accepts and says nothing', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const waiting = createSmtpMailer({ url: `smtp://127.0.0.1:${port}`, from, timeoutMs: 200 });
    expect((await failureOf(waiting.send(mail))).type).toBe('mail-unavailable');
    waiting.close();
    silent.close();
  });

  it('refuses a wrong password without showing it', async () => {
    const url = new URL(server.url);
    url.password = 'wrong-password';
    const stranger = createSmtpMailer({ url: url.href, from });
    const failure = await failureOf(stranger.send(mail));
    expect(failure).toMatchObject({ type: 'configuration-invalid', retried: false });
    expect(failure.message).not.toContain('wrong-password');
    stranger.close();
  });

  it('sends no header that a value smuggles in', async () => {
    const before = server.messages().length;
    for (const smuggling of [
      { ...mail, subject: 'a\r\nBcc: eve@evil.test' },
      { ...mail, to: 'ada@vendhub.test\r\nBcc: eve@evil.test' },
      { ...mail, messageId: '<a@b>\nX: y' },
    ]) {
      expect((await failureOf(mailer.send(smuggling))).type).toBe('mail-refused');
    }
    expect(server.messages()).toHaveLength(before);
  });

  it.each(['not a pw-url', 'http://u:pw-1@mail.test', 'smtp://u:pw-2@', 'smtp://u:pw-%@mail.test'])(
    'refuses the URL %j without showing it',
    (url) => {
      expect(() => createSmtpMailer({ url, from })).toThrow(
        expect.objectContaining({
          type: 'configuration-invalid',
          message: expect.not.stringContaining('pw-'),
        }),
      );
    },
  );
});
