import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freeServerPort } from '../process/free-port.ts';
import { type Edge, startEdge } from './edge.ts';

let edge: Edge;
let replicaPort: number;
let users: Agent;
let replica: Server | undefined;

beforeEach(async () => {
  replicaPort = await freeServerPort();
  edge = await startEdge({ port: await freeServerPort(), replicaPort });
  // One connection that is kept, as a browser has it.
  users = new Agent({ connections: 1 });
});
afterEach(async () => {
  await users.destroy();
  await edge.stop();
  await stopReplica();
});

async function startReplica(listener: RequestListener): Promise<void> {
  replica = createServer(listener).listen(replicaPort, '127.0.0.1');
  await once(replica, 'listening');
}
async function stopReplica(): Promise<void> {
  const stopping = replica;
  replica = undefined;
  if (stopping === undefined) return;
  stopping.closeAllConnections();
  await new Promise((resolve) => stopping.close(resolve));
}
const ask = async (body?: string) => {
  const method = body === undefined ? 'GET' : 'POST';
  const answer = await request(`${edge.url}/api/sales?page=2`, {
    dispatcher: users,
    method,
    body: body ?? null,
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
};
const counted = () => {
  const now = Date.now();
  return edge.counts
    .byStatus(new Date(now - 60_000), new Date(now + 1), 60)
    .map(({ statusCode, samples }) => [statusCode, samples.reduce((sum, { value }) => sum + value, 0)]);
};

describe("Railway's edge", () => {
  it('passes requests and answers on as they are, and counts them by status', async () => {
    await startReplica(async (incoming, outgoing) => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      outgoing.writeHead(body === 'broken' ? 500 : 201, { 'x-from': 'the application' });
      outgoing.write(`${incoming.method} ${incoming.url} `);
      outgoing.end(`${body.length}`);
    });
    const long = 'x'.repeat(2_000_000);
    expect(await ask(long)).toMatchObject({
      status: 201,
      headers: { 'x-from': 'the application' },
      text: 'POST /api/sales?page=2 2000000',
    });
    expect(await ask()).toMatchObject({ status: 201, text: 'GET /api/sales?page=2 0' });
    expect((await ask('broken')).status).toBe(500);
    expect(counted()).toEqual([
      [201, 2],
      [500, 1],
    ]);
  });

  it('answers 502 while nothing runs, and serves on over the same connection when something does', async () => {
    const failed = await ask('x'.repeat(2_000_000));
    expect(failed).toMatchObject({ status: 502, headers: { 'x-railway-fallback': 'true' } });
    expect(JSON.parse(failed.text)).toMatchObject({ code: 502, message: 'Application failed to respond' });
    expect((await ask()).status).toBe(502);
    await startReplica((_, outgoing) => outgoing.end('here'));
    expect(await ask()).toMatchObject({ status: 200, text: 'here' });
    expect(counted()).toEqual([
      [502, 2],
      [200, 1],
    ]);
  });

  it('answers 502 where the application dies over a request, and breaks off what it had begun to answer', async () => {
    await startReplica((incoming, outgoing) => {
      if (incoming.method === 'GET') return incoming.socket.destroy();
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('half', () => incoming.socket.destroy());
    });
    expect((await ask()).status).toBe(502);
    await expect(ask('begin')).rejects.toThrow();
    expect(counted()).toEqual([[502, 1]]);
  });

  it('forgets a request whose user is gone, and cuts what waits when it stops', async () => {
    const gone: Promise<unknown>[] = [];
    await startReplica((incoming) => void gone.push(once(incoming.socket, 'close')));
    const leaving = new AbortController();
    const left = request(edge.url, { dispatcher: users, signal: leaving.signal });
    await expect.poll(() => gone.length).toBe(1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await gone[0];
    const waits = request(edge.url, { dispatcher: users });
    await expect.poll(() => gone.length).toBe(2);
    await Promise.all([expect(waits).rejects.toThrow(), edge.stop()]);
    await gone[1];
    expect(counted()).toEqual([]);
  });
});
