import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpProbe } from '../../../../activities/adapters/http-probe/index.ts';
import type { SandboxEnvironment } from '../../../sandbox/http/observe.ts';
import { type RunningServer, startServer } from '../../../sandbox/http/server.ts';

let server: RunningServer;

beforeAll(async () => {
  const app = new Hono<SandboxEnvironment>();
  app.get('/healthy', (context) => context.json({ status: 'ok' }));
  app.get('/ill', (context) => context.json({ reason: 'no database' }, 503));
  app.get('/silent', () => new Promise<Response>(() => undefined));
  server = await startServer(app);
});
afterAll(() => server.stop());

const probe = (path: string, timeoutMs = 60_000) =>
  createHttpProbe({ healthUrl: `${server.url}${path}`, timeoutMs }).probe();

describe('the health probe', () => {
  it('finds a 2xx healthy', async () => {
    expect(await probe('/healthy')).toMatchObject({ healthy: true, detail: 'HTTP 200 {"status":"ok"}' });
  });

  it('finds everything else unhealthy, and says what was answered', async () => {
    expect(await probe('/ill')).toMatchObject({
      healthy: false,
      detail: 'HTTP 503 {"reason":"no database"}',
    });
  });

  it('gives up on a silent application', async () => {
    expect(await probe('/silent', 100)).toMatchObject({
      healthy: false,
      detail: expect.stringContaining('TimeoutError'),
    });
  });

  it('takes a refused connection for unhealthy', async () => {
    const gone = createHttpProbe({ healthUrl: 'http://127.0.0.1:1/health', timeoutMs: 60_000 });
    expect(await gone.probe()).toMatchObject({
      healthy: false,
      detail: expect.stringContaining('ECONNREFUSED'),
      latencyMs: expect.any(Number),
    });
  });
});
