import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../../../activities/adapters/postgres/index.ts';
import { startTestCluster } from '../../../sandbox/postgres/test-cluster.ts';

const run = promisify(execFile);
const opensslThere = await run('openssl', ['version']).then(
  () => true,
  () => false,
);

let test: Awaited<ReturnType<typeof startTestCluster>>;
let folder: string;
let server: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  test = await startTestCluster();
  folder = await mkdtemp(join(tmpdir(), 'dr-tls-test-'));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  server?.close();
  await rm(folder, { recursive: true, force: true });
  await test.cluster.dispose();
});

/** The sandbox's server is built without TLS, so this takes it off in front of it. */
async function startTlsFront(port: number): Promise<number> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  await run('openssl', [...words, '-keyout', key, '-out', cert]);
  const identity = { key: await readFile(key), cert: await readFile(cert) };
  server = createServer((socket) => {
    sockets.add(socket);
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, ...identity });
      const plain = connect(port, '127.0.0.1');
      sockets.add(plain);
      secure.pipe(plain).pipe(secure);
      secure.on('error', () => plain.destroy());
      plain.on('error', () => secure.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

it.skipIf(!opensslThere)(
  'a session over TLS copies as one without it, and can be used afterwards',
  async () => {
    const plain = test.cluster.connectionString(test.cluster.superuser, 'postgres');
    const url = new URL(plain);
    url.port = String(await startTlsFront(test.cluster.port));
    url.searchParams.set('sslmode', 'no-verify');
    const copied = (connectionString: string) =>
      createPostgresDatabase({ connectionString }).session(async (session) => {
        let rows = '';
        await session.copyOut(
          `COPY (SELECT i, repeat('é', i % 300) FROM generate_series(1, 20000) i) TO STDOUT`,
          {
            row: (chunk, from, to) => {
              rows += chunk.toString('latin1', from, to);
            },
            chunkRead: () => new Promise((resolve) => setImmediate(resolve)),
          },
        );
        return { rows, after: (await session.query('SELECT 1 AS one')).rows };
      });
    const secure = await copied(url.href);
    expect(secure).toEqual(await copied(plain));
    expect(secure.rows.split('\n')).toHaveLength(20_001);
  },
  60_000,
);
