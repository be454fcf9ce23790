import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxSmtp, startSandboxSmtp } from './index.ts';

describe('the sandbox mail server', () => {
  let server: SandboxSmtp;
  const send = (mail: { subject: string; text?: string; html?: string }, url = server.url) =>
    createTransport(url).sendMail({ from: 'dr@vendhub.test', to: 'ada@vendhub.test', ...mail });

  beforeAll(async () => {
    server = await startSandboxSmtp();
  });
  afterAll(() => server.stop());

  it('keeps a mail that arrives later for whoever waits for it', async () => {
    const waiting = server.waitForMessage(({ subject }) => subject === 'Später ✓', 60_000);
    await send({ subject: 'Später ✓', text: 'Body' });
    expect(await waiting).toMatchObject({ to: ['ada@vendhub.test'], text: 'Body\n' });
  });

  it('names what there is when the awaited mail does not come', async () => {
    await expect(server.waitForMessage(() => false, 10)).rejects.toThrow('"Später ✓"');
  });

  it('asks for its password', async () => {
    const url = new URL(server.url);
    url.password = 'wrong';
    await expect(send({ subject: 'x' }, url.href)).rejects.toMatchObject({ responseCode: 535 });
  });

  it('shows mail as JSON and as a page on which hostile HTML stays text in a sealed frame', async () => {
    await send({ subject: '<script>alert(1)</script>', html: '<b>Hi</b><script>alert("2")</script>' });
    const { id } = await server.waitForMessage(({ subject }) => subject.startsWith('<script>'), 60_000);
    const list: unknown = await (await fetch(`${server.inboxUrl}/messages`)).json();
    expect(list).toHaveLength(server.messages().length);
    expect(await (await fetch(`${server.inboxUrl}/messages/${id}`)).json()).toMatchObject({
      html: expect.stringContaining('<b>Hi</b><script>alert("2")</script>'),
    });
    for (const path of ['/', `/mail/${id}`]) {
      const answer = await fetch(`${server.inboxUrl}${path}`);
      const page = await answer.text();
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(page).not.toMatch(/<script/i);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    const page = await (await fetch(`${server.inboxUrl}/mail/${id}`)).text();
    expect(page).toContain('<iframe sandbox=""');
    expect((await fetch(`${server.inboxUrl}/mail/999`)).status).toBe(404);
  });

  it('refuses as many as it is told and goes away and comes back under the same address', async () => {
    server.refuseNext(1, 450);
    await expect(send({ subject: 'x' })).rejects.toMatchObject({ responseCode: 450 });
    server.refuseAddress('Ada@vendhub.test');
    await expect(send({ subject: 'x' })).rejects.toMatchObject({ responseCode: 550 });
    await server.setDown(true);
    await expect(send({ subject: 'x' })).rejects.toMatchObject({ code: 'ESOCKET' });
    await server.setDown(false);
    await expect(send({ subject: 'x' })).rejects.toMatchObject({ responseCode: 550 });
  });
});
