import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';

/** What passed through: method and path with query. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
}

/**
 * A proxy before a real S3 server that counts requests and can make them fail. It keeps the Host header, so signatures
 * stay valid.
 */
export async function startProxy(endpoint: string) {
  const target = new URL(endpoint);
  const seen: SeenRequest[] = [];
  let answerOf: (request: SeenRequest) => number | 'drop' | 'hold' | undefined = () => undefined;
  let altered: (request: SeenRequest) => boolean = () => false;
  const held = new Set<IncomingMessage>();
  const server = createServer((incoming, outgoing) => {
    const passing = { method: incoming.method ?? '', path: incoming.url ?? '' };
    seen.push(passing);
    const fault = answerOf(passing);
    if (fault === 'drop') return incoming.socket.destroy();
    if (fault === 'hold') return held.add(incoming);
    if (fault !== undefined) {
      incoming.resume();
      return outgoing.writeHead(fault).end('<Error><Code>SlowDown</Code></Error>');
    }
    const forwarded = request(
      {
        host: target.hostname,
        port: target.port,
        method: passing.method,
        path: passing.path,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        if (altered(passing)) {
          answer.on('data', (piece: Buffer) => outgoing.write(piece.map((byte) => byte ^ 1)));
          answer.on('end', () => outgoing.end());
        } else answer.pipe(outgoing);
        answer.on('error', () => outgoing.destroy());
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    return incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    /** How many requests for objects of that method passed; listings are not counted. */
    objectRequests: (method: string) =>
      seen.filter((each) => each.method === method && !each.path.includes('list-type=2')).length,
    /** Decides what becomes of each request: a status, a dropped connection, silence, or undefined to pass it on. */
    failWith(fault: typeof answerOf) {
      answerOf = fault;
    },
    /** Decides whose answers come with flipped bits. */
    alter(which: typeof altered) {
      altered = which;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}
