import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpWebhook, type HttpWebhook } from '../../../../activities/adapters/webhook/index.ts';
import type { DrError } from '../../../../activities/errors.ts';
import { freeServerPort } from '../../../sandbox/process/free-port.ts';
import { failureOf } from '../../failure-of.ts';

const secretPath = '/services/T0SECRET/B0SECRET/secret-token';

describe('a webhook on a real HTTP server', () => {
  let server: Server;
  let answer: RequestListener;
  let webhook: HttpWebhook;
  let url: string;
  let received: { method: string; url: string; type: string; body: string }[];

  beforeEach(async () => {
    received = [];
    answer = (_, response) => response.end('ok');
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      received.push({
        method: request.method ?? '',
        url: request.url ?? '',
        type: request.headers['content-type'] ?? '',
        body: Buffer.concat(chunks).toString(),
      });
      answer(request, response);
    });
    const port = await freeServerPort();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${port}${secretPath}`;
    webhook = createHttpWebhook({ url, timeoutMs: 60_000 });
  });
  afterEach(async () => {
    await webhook.close();
    server.closeAllConnections();
    server.close();
  });

  const refuse = async (status: number, headers: Record<string, string> = {}): Promise<DrError> => {
    answer = (_, response) => response.writeHead(status, headers).end(`no: ${secretPath}`);
    return withoutSecret(await failureOf(webhook.post('text')));
  };
  const withoutSecret = (failure: DrError): DrError => {
    expect(JSON.stringify([failure, failure.message, failure.stack, String(failure.cause)])).not.toMatch(
      /secret/i,
    );
    return failure;
  };

  it('posts the text as Slack reads it, with nothing in it that Slack would act on', async () => {
    await webhook.post('Backup failed ✗\n<!channel> a & b "c"');
    expect(received).toEqual([
      {
        method: 'POST',
        url: secretPath,
        type: 'application/json; charset=utf-8',
        body: JSON.stringify({ text: 'Backup failed ✗\n&lt;!channel&gt; a &amp; b "c"' }),
      },
    ]);
  });

  it('cuts what Slack would cut', async () => {
    await webhook.post('<'.repeat(100_000));
    expect(JSON.parse(received[0]?.body ?? '').text.length).toBeLessThanOrEqual(40_000);
  });

  it.each([500, 502, 503, 408, 429])('is tried again after HTTP %i', async (status) => {
    const failure = await refuse(status);
    expect([failure.type, failure.retried]).toEqual(['webhook-unavailable', true]);
    expect(failure.message).toContain(`HTTP ${status}`);
  });

  it('takes up again after a server error', async () => {
    await refuse(500);
    answer = (_, response) => response.end('ok');
    await webhook.post('again');
    expect(received.map(({ body }) => JSON.parse(body).text)).toEqual(['text', 'again']);
  });

  it('waits as long as the server asks, ten minutes at most', async () => {
    expect((await refuse(429, { 'retry-after': '7' })).retryAfterMs).toBe(7_000);
    expect((await refuse(429, { 'retry-after': '86400' })).retryAfterMs).toBe(600_000);
    expect(
      (await refuse(503, { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' })).retryAfterMs,
    ).toBeUndefined();
  });

  it.each([302, 400, 403, 404, 410])('is not tried again after HTTP %i', async (status) => {
    const failure = await refuse(status, { location: '/elsewhere' });
    expect([failure.type, failure.retried]).toEqual(['configuration-invalid', false]);
    expect(received).toHaveLength(1);
  });

  it('is tried again when nobody listens, the answer stays away or the connection breaks', async () => {
    answer = () => undefined;
    const impatient = createHttpWebhook({ url, timeoutMs: 300 });
    expect(withoutSecret(await failureOf(impatient.post('text'))).type).toBe('webhook-unavailable');
    await impatient.close();
    answer = (request) => request.socket.destroy();
    expect(withoutSecret(await failureOf(webhook.post('text'))).type).toBe('webhook-unavailable');
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    const failure = withoutSecret(await failureOf(webhook.post('text')));
    expect([failure.type, failure.message.includes('ECONNREFUSED')]).toEqual(['webhook-unavailable', true]);
  });

  it.each(['http://hooks.example.com/secret', 'ftp://127.0.0.1/secret', 'secret', 'https:secret token'])(
    'refuses the URL %j without showing it',
    async (url) => {
      const failure = await failureOf(Promise.resolve().then(() => createHttpWebhook({ url })));
      expect(failure.type).toBe('configuration-invalid');
      expect(failure.message).not.toMatch(/hooks|token|ftp/);
    },
  );
});
