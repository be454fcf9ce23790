import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClock } from '../../../activities/adapters/http-clock/index.ts';
import { failureOf } from '../failure-of.ts';

let server: Server | undefined;
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server?.closeAllConnections();
      server === undefined ? resolve() : server.close(() => resolve());
    }),
);

/** A server whose clock is off; null sends no time at all. */
async function serverAhead(aheadMs: number | null): Promise<string> {
  const started = createServer((_request, response) => {
    response.sendDate = false;
    if (aheadMs !== null) response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
    response.writeHead(401).end();
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${portOf(started.address())}`;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}

describe('the clock of an HTTP server', () => {
  it.each([0, 90_000, -3_600_000])('is found %d ms ahead, within what it admits', async (aheadMs) => {
    const clock = createHttpClock({ url: await serverAhead(aheadMs), timeoutMs: 5_000 });
    const found = await clock.compare();
    expect(Math.abs(found.aheadMs - aheadMs)).toBeLessThanOrEqual(found.errorMs + 1);
    expect(found.errorMs).toBeGreaterThanOrEqual(500);
  });

  it('is not known where the server does not say its time, or does not answer', async () => {
    const url = await serverAhead(null);
    const failure = await failureOf(createHttpClock({ url, timeoutMs: 5_000 }).compare());
    expect(failure.type).toBe('provider-answer-unknown');
    const nobody = createHttpClock({ url: 'http://127.0.0.1:1', timeoutMs: 5_000 });
    expect((await failureOf(nobody.compare())).type).toBe('provider-unavailable');
  });
});
