import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { SandboxEnvironment } from './observe.ts';

/** A sandbox server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  /** Cuts every connection and frees the port; nothing when it was stopped before. */
  stop(): Promise<void>;
}

/** Serves a hono app on 127.0.0.1 on a free port. Rejects with the system's error when it cannot listen. */
export async function startServer(app: Hono<SandboxEnvironment>): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) return resolve();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
