import { setTimeout as delay } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, MiddlewareHandler } from 'hono';
import type { CallLog } from './call-log.ts';
import type { Faults } from './faults.ts';

/** What a hono app of the sandbox gets: node's socket, which a fault cuts, and the mark of a refused request. */
export interface SandboxEnvironment {
  readonly Bindings: HttpBindings;
  readonly Variables: { refused: boolean };
}

/** Marks a request that changed nothing although its status says nothing of it (GraphQL refuses with 200). */
export function markRefused(context: Context<SandboxEnvironment>): void {
  context.set('refused', true);
}

/** What a request asks for, as the server names it. */
interface IdentifiedCall {
  readonly operation: string;
  readonly write: boolean;
  /** The body in short, without secrets. */
  readonly body: string | null;
}

/** Tells what a request asks for; called before anything else, with the whole body as text. */
export type IdentifyCall = (request: {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly bodyText: string;
}) => IdentifiedCall;

function cut(context: Context<SandboxEnvironment>): Response {
  context.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

/**
 * Middleware that records each request in the log and lets the switched-on faults happen to it. Paths under
 * `/_sandbox/` are left alone.
 */
export function observe(options: {
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly identify: IdentifyCall;
}): MiddlewareHandler<SandboxEnvironment> {
  const { calls, faults, identify } = options;
  return async (context, next) => {
    const { method, path } = context.req;
    if (path.startsWith('/_sandbox/')) return next();
    const identified = identify({ method, path, bodyText: await context.req.text() });
    const entry = calls.begin({ ...identified, method, path });
    const hit = faults.take(identified.operation);

    for (const fault of hit) if (fault.kind === 'latency') await delay(fault.ms, undefined, { ref: false });
    for (const fault of hit) {
      if (fault.kind === 'drop-before') return cut(context);
      if (fault.kind === 'answer') {
        entry.answered(fault.status);
        return new Response(fault.body ?? '', { status: fault.status, headers: fault.headers ?? {} });
      }
    }

    await next();
    if (context.res.status < 400 && context.get('refused') !== true) entry.ran();
    if (hit.some((fault) => fault.kind === 'drop-after')) {
      context.res = cut(context);
      return;
    }
    entry.answered(context.res.status);
  };
}
