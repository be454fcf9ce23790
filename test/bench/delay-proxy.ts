import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * Starts a TCP proxy in a process of its own that holds every piece back for half a round trip in each direction.
 *
 * @param endpoint where it leads to
 * @param roundTripMs milliseconds from a request to its answer, at least
 */
export async function startDelayProxy(
  endpoint: string,
  roundTripMs: number,
): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const self = fileURLToPath(import.meta.url);
  const child = execa(process.execPath, ['--import', 'tsx', self, endpoint, String(roundTripMs)], {
    stdin: 'ignore',
    reject: false,
    buffer: false,
  });
  const [port] = await once(child.stdout, 'data');
  return {
    endpoint: `http://127.0.0.1:${String(port).trim()}`,
    async stop() {
      child.kill();
      await child;
    },
  };
}

function delayed(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', (piece) => setTimeout(() => to.write(piece), delayMs));
  from.on('end', () => setTimeout(() => to.end(), delayMs));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), delayMs));
}

async function serve(endpoint: URL, roundTripMs: number): Promise<void> {
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: endpoint.hostname, port: Number(endpoint.port), noDelay: true });
    delayed(client, upstream, roundTripMs / 2);
    delayed(upstream, client, roundTripMs / 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.stdout.write(String(typeof address === 'object' ? address?.port : ''));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve(new URL(process.argv[2] ?? ''), Number(process.argv[3]));
}
