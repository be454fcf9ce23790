import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { createRangeReader } from '../../../../activities/adapters/s3/range-reader.ts';

const body = Buffer.alloc(
  3 * 1024 * 1024 + 5,
  Uint8Array.from({ length: 251 }, (_, index) => index),
);
const { signal } = new AbortController();
const request = { path: '/bucket/key', headers: { host: 'store' } };

let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  if (server === undefined) return;
  server.close();
  await once(server, 'close');
  server = undefined;
});

async function serve(created: Server): Promise<URL> {
  server = created;
  created.on('connection', (socket) => sockets.add(socket));
  created.listen(0, '127.0.0.1');
  await once(created, 'listening');
  const address = created.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return new URL(`http://127.0.0.1:${port}`);
}

const collect = async (_etag: string | undefined, pieces: AsyncIterable<Uint8Array>) => {
  const copies: Uint8Array[] = [];
  for await (const piece of pieces) copies.push(Buffer.from(piece));
  return Buffer.concat(copies);
};

describe('the reader of ranges', () => {
  it('gives exactly the bytes, one answer after the other over one connection', async () => {
    const url = await serve(
      createServer((_incoming, outgoing) =>
        outgoing.writeHead(206, { etag: '"e"', 'content-length': body.length }).end(body),
      ),
    );
    const reader = createRangeReader({ url, timeoutMs: 5_000 });
    for (let round = 0; round < 3; round += 1) {
      const read = await reader.read(request, body.length, collect, signal);
      expect(read?.taken.equals(body)).toBe(true);
    }
    expect(sockets.size).toBe(1);
    reader.close();
  });

  it('holds few buffers while the taker is slow, and loses nothing', async () => {
    const url = await serve(
      createServer((_incoming, outgoing) =>
        outgoing.writeHead(206, { 'content-length': body.length }).end(body),
      ),
    );
    const reader = createRangeReader({ url, timeoutMs: 5_000 });
    const buffers = new Set<ArrayBufferLike>();
    const read = await reader.read(
      request,
      body.length,
      async (_etag, pieces) => {
        let at = 0;
        for await (const piece of pieces) {
          buffers.add(piece.buffer);
          await new Promise((resolve) => setImmediate(resolve));
          expect(Buffer.compare(piece, body.subarray(at, at + piece.length))).toBe(0);
          at += piece.length;
        }
        return at;
      },
      signal,
    );
    expect(read?.taken).toBe(body.length);
    expect(buffers.size).toBeLessThanOrEqual(5);
    reader.close();
  });

  it.each([
    ['another status', 200, { 'content-length': '4' }],
    ['another length', 206, { 'content-length': '4' }],
    ['no length', 206, { 'transfer-encoding': 'chunked' }],
    ['an error', 503, { 'content-length': '4' }],
  ])('hands an answer with %s over to be asked for another way', async (_what, status, headers) => {
    const url = await serve(
      createServer((_incoming, outgoing) => outgoing.writeHead(status, headers).end('abcd')),
    );
    const reader = createRangeReader({ url, timeoutMs: 5_000 });
    expect(await reader.read(request, 5, collect, signal)).toBeUndefined();
    reader.close();
  });

  it.each([
    ['breaks in the middle', 'ECONNRESET', 5_000],
    ['falls silent', 'ETIMEDOUT', 300],
  ])('says so when the connection %s', async (_what, code, timeoutMs) => {
    const url = await serve(
      createServer((incoming, outgoing) => {
        outgoing.writeHead(206, { 'content-length': body.length });
        outgoing.write(body.subarray(0, 100_000), () => {
          if (code === 'ECONNRESET') incoming.socket.destroy();
        });
      }),
    );
    const reader = createRangeReader({ url, timeoutMs });
    await expect(reader.read(request, body.length, collect, signal)).rejects.toMatchObject({ code });
    reader.close();
  });

  it('ends at once when it is told to, and leaves no connection', async () => {
    const url = await serve(
      createServer((_incoming, outgoing) =>
        outgoing.writeHead(206, { 'content-length': body.length }).write('a'),
      ),
    );
    const reader = createRangeReader({ url, timeoutMs: 60_000 });
    const stop = new AbortController();
    const reading = reader.read(
      request,
      body.length,
      async (etag, pieces) => {
        stop.abort();
        return collect(etag, pieces);
      },
      stop.signal,
    );
    await expect(reading).rejects.toThrow();
    const [socket] = sockets;
    if (socket?.closed === false) await once(socket, 'close');
    reader.close();
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!openssl)('reads through TLS, and refuses a certificate of nobody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dr-range-'));
    try {
      const files = { key: join(folder, 'key'), cert: join(folder, 'cert') };
      const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const made = [
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        files.key,
        '-out',
        files.cert,
      ];
      execFileSync('openssl', ['req', ...made, ...subject], { stdio: 'ignore' });
      const [key, cert] = await Promise.all([readFile(files.key), readFile(files.cert)]);
      const url = await serve(
        createTlsServer({ key, cert }, (_incoming, outgoing) =>
          outgoing.writeHead(206, { 'content-length': body.length }).end(body),
        ),
      );
      url.protocol = 'https:';
      const reader = createRangeReader({ url, timeoutMs: 5_000 });
      await expect(reader.read(request, body.length, collect, signal)).rejects.toThrow();
      reader.close();

      const script = join(import.meta.dirname, 'read-by-tls.ts');
      const environment = { NODE_EXTRA_CA_CERTS: files.cert };
      const { stdout } = await execa('node', ['--import', 'tsx', script, url.href, String(body.length)], {
        env: environment,
      });
      expect(stdout).toBe(createHash('sha256').update(body).digest('hex'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
