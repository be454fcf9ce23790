import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const firstPort = 20_000;
const shares = 8;
const portsOfShare = 1_500;

/** Given to a server of this process, which may be down for a moment and comes back. */
const given = new Set<number>();

/**
 * A free TCP port below the range that systems take outgoing ports from. A server that goes down for a restore and
 * comes back on the same port could otherwise find it taken: a client that keeps trying a closed port of that range
 * sooner or later gets it as its own source port and connects to itself. For the same reason tests that run at the same
 * time take theirs from different shares of the ports, and no process gets one twice.
 */
export async function freeServerPort(): Promise<number> {
  const share = Number(process.env['VITEST_POOL_ID'] ?? randomInt(shares)) % shares;
  for (;;) {
    const port = firstPort + randomInt(portsOfShare) * shares + share;
    if (given.has(port)) continue;
    given.add(port);
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
