import { createServer, request } from 'node:http';
import { Hono } from 'hono';
import type { SandboxEnvironment } from '../http/observe.ts';
import { startServer } from '../http/server.ts';

/** What users connect to, and what is behind it. */
export interface FrontDoor {
  /** The address that users know, without a path. */
  readonly url: string;
  /** `PUT` of an address as text directs users there. */
  readonly controlUrl: string;
  /** Where users are directed at present. */
  upstream(): string;
  /** Directs users to an address, as a change of DNS does. */
  direct(address: string): void;
  /** How often users were directed elsewhere than before. */
  switches(): number;
  stop(): Promise<void>;
}

/** Starts what a domain name and its load balancer are to a real production. */
export async function startFrontDoor(firstUpstream: string): Promise<FrontDoor> {
  let upstream = firstUpstream;
  let switches = 0;
  const direct = (given: string) => {
    const { origin } = new URL(given);
    if (origin !== upstream) switches += 1;
    upstream = origin;
  };
  const door = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const forwarded = request(`${upstream}${url ?? '/'}`, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('The front door has no port.');
  const control = new Hono<SandboxEnvironment>();
  control.put('/upstream', async (context) => {
    direct(await context.req.text());
    return context.body(null, 204);
  });
  const controlServer = await startServer(control);
  return {
    url: `http://127.0.0.1:${address.port}`,
    controlUrl: `${controlServer.url}/upstream`,
    upstream: () => upstream,
    direct,
    switches: () => switches,
    stop: async () => {
      await controlServer.stop();
      await new Promise<void>((resolve) => {
        door.close(() => resolve());
        door.closeAllConnections();
      });
    },
  };
}
