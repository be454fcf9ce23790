import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { RequestCounts } from './request-counts.ts';

/** What users connect to: it always listens, also while nothing runs behind it. */
export interface Edge {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  /** What users were answered. */
  readonly counts: RequestCounts;
  /** Cuts every connection and frees the port. */
  stop(): Promise<void>;
}

/** Of one connection; the other side has its own. */
const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'upgrade']);

/**
 * Starts Railway's edge in front of one port: it forwards every request, and answers 502 in Railway's words where
 * nothing answers there.
 *
 * @param input.port where users connect to
 * @param input.replicaPort where the application listens while it runs
 */
export async function startEdge(input: {
  readonly port: number;
  readonly replicaPort: number;
}): Promise<Edge> {
  const counts = new RequestCounts();
  const server = createServer((incoming, outgoing) => {
    outgoing.on('finish', () => counts.add(outgoing.statusCode, new Date()));
    forward(incoming, outgoing, input.replicaPort);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(input.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${input.port}`,
    counts,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { method, url, headers } = incoming;
  // A new connection each time: one that is kept would hide that another process listens now.
  const forwarded = request(
    { host: '127.0.0.1', port, method, path: url, headers: endToEnd(headers), agent: false },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      // An answer that breaks off breaks off for the user too.
      pipeline(answer, outgoing, () => undefined);
    },
  );
  forwarded.on('error', () => {
    // What is left of the body is read, so that the connection can take the next request.
    incoming.unpipe(forwarded).resume();
    if (outgoing.headersSent) outgoing.destroy();
    else answerFailed(outgoing);
  });
  outgoing.on('close', () => forwarded.destroy());
  incoming.pipe(forwarded);
}

function answerFailed(outgoing: ServerResponse): void {
  const body = {
    status: 'error',
    code: 502,
    message: 'Application failed to respond',
    request_id: randomUUID(),
  };
  outgoing.writeHead(502, { 'content-type': 'application/json', 'x-railway-fallback': 'true' });
  outgoing.end(JSON.stringify(body));
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}
