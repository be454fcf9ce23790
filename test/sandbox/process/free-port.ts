import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A free TCP port below the range that systems take outgoing ports from. A server that goes down for a restore and
 * comes back on the same port could otherwise find it taken: a client that keeps trying a closed port of that range
 * sooner or later gets it as its own source port and connects to itself.
 */
export async function freeServerPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
