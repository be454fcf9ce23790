import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSupabasePlatform } from '../../../../activities/adapters/supabase/index.ts';

/** A server that keeps every byte it gets and answers a complete request with one fixed text, or not at all. */
class ByteRecorder {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  connections = 0;
  bytes = '';
  answer: string | undefined;

  constructor() {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        this.bytes += chunk.toString('latin1');
        if (!this.bytes.endsWith('}')) return;
        if (this.answer === undefined) socket.destroy();
        else socket.end(this.answer);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The recorder has no port.');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const inOneMinute = () => new Date(Date.now() + 60_000);
const target = 1_740_787_200;

describe('a restore request', () => {
  let recorder: ByteRecorder;
  let baseUrl: string;

  beforeEach(async () => {
    recorder = new ByteRecorder();
    baseUrl = await recorder.listen();
  });
  afterEach(() => recorder.close());

  const send = (deadline: Date) =>
    createSupabasePlatform({
      baseUrl,
      projectRef: 'abcdefghijklmnopqrst',
      accessToken: 'sbp_secret',
      timeoutMs: 2_000,
    }).requestPointInTimeRestore({ targetUnix: target, deadline });

  test('puts not one byte on an open connection when its deadline has passed', async () => {
    expect(await send(new Date(Date.now() - 1))).toEqual({
      kind: 'not-sent',
      reason: 'The deadline passed before it could be sent.',
    });
    expect(recorder.connections).toBe(1);
    expect(recorder.bytes).toBe('');
  });

  test('is sent whole, with its length, in one piece when there is time', async () => {
    recorder.answer = 'HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n';
    expect(await send(inOneMinute())).toEqual({ kind: 'accepted' });
    const [head = '', body = ''] = recorder.bytes.split('\r\n\r\n');
    expect(head).toMatch(
      /^POST \/v1\/projects\/abcdefghijklmnopqrst\/database\/backups\/restore-pitr HTTP\/1.1/,
    );
    expect(head).toContain(`content-length: ${body.length}`);
    expect(JSON.parse(body)).toEqual({ recovery_time_target_unix: target });
  });

  test('is never sent a second time when the connection breaks, and is uncertain', async () => {
    expect(await send(inOneMinute())).toMatchObject({ kind: 'uncertain' });
    expect(recorder.connections).toBe(1);
    expect(recorder.bytes.match(/POST/g)).toHaveLength(1);
  });

  test.each([
    ['400 Bad Request', 'refused'],
    ['403 Forbidden', 'refused'],
    ['429 Too Many Requests', 'refused'],
    ['408 Request Timeout', 'uncertain'],
    ['200 OK', 'uncertain'],
    ['302 Found', 'uncertain'],
    ['502 Bad Gateway', 'uncertain'],
  ])('that is answered %s is %s', async (status, kind) => {
    recorder.answer = `HTTP/1.1 ${status}\r\nlocation: ${baseUrl}/\r\ncontent-length: 17\r\n\r\n{"message":"why"}`;
    const outcome = await send(inOneMinute());
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).toContain('why');
    expect(recorder.connections).toBe(1);
  });

  test('is not sent when nobody listens', async () => {
    await recorder.close();
    expect(await send(inOneMinute())).toEqual({ kind: 'not-sent', reason: 'No connection (ECONNREFUSED).' });
    recorder = new ByteRecorder();
    await recorder.listen();
  });
});
