import { Hono } from 'hono';
import { request } from 'undici';
import { z } from 'zod';
import type { SandboxEnvironment } from '../http/observe.ts';
import { type RunningServer, startServer } from '../http/server.ts';

/** One request and its answer as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly requestBody: string;
  readonly status: number;
  readonly responseBody: string;
}

const proxied = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Passes everything on to a server and keeps what was said. */
export async function startRecordingProxy(
  targetUrl: string,
): Promise<RunningServer & { readonly exchanges: readonly Exchange[] }> {
  const exchanges: Exchange[] = [];
  const app = new Hono<SandboxEnvironment>();
  app.all('*', async (context) => {
    const url = new URL(context.req.url);
    const requestBody = await context.req.text();
    const response = await request(`${targetUrl}${url.pathname}${url.search}`, {
      method: proxied.parse(context.req.method),
      headers: {
        authorization: context.req.header('authorization') ?? '',
        'content-type': context.req.header('content-type') ?? '',
      },
      body: requestBody === '' ? null : requestBody,
    });
    const responseBody = await response.body.text();
    exchanges.push({
      method: context.req.method.toLowerCase(),
      path: url.pathname,
      query: url.searchParams,
      requestBody,
      status: response.statusCode,
      responseBody,
    });
    return new Response(responseBody, { status: response.statusCode });
  });
  const server = await startServer(app);
  return { ...server, exchanges };
}
