import { request } from 'undici';
import { DrError } from '../../errors.ts';
import type { RemoteClock } from '../../ports.ts';

/** A `Date` header is cut to whole seconds, so the moment lies half of one later, give or take. */
const halfSecondMs = 500;

/**
 * The clock of an HTTP server, by the `Date` header of its answer; what it answers does not matter.
 *
 * @param server.url without a secret
 * @param server.timeoutMs for the whole request
 * @returns `compare` throws `provider-unavailable` (retried) or `provider-answer-unknown`
 */
export function createHttpClock(server: { readonly url: string; readonly timeoutMs: number }): RemoteClock {
  const host = new URL(server.url).host;
  return {
    async compare() {
      const sentAt = Date.now();
      const { headers, body } = await request(server.url, {
        method: 'HEAD',
        signal: AbortSignal.timeout(server.timeoutMs),
      }).catch((error: unknown) => {
        throw clockFailure('provider-unavailable', `${host} did not answer (${nameOf(error)}).`);
      });
      const receivedAt = Date.now();
      await body.dump().catch(() => undefined);
      const date = Date.parse(String(headers['date'] ?? ''));
      if (Number.isNaN(date)) throw clockFailure('provider-answer-unknown', `${host} does not say its time.`);
      const halfTrip = (receivedAt - sentAt) / 2;
      return {
        aheadMs: Math.round(date + halfSecondMs - (sentAt + halfTrip)),
        errorMs: Math.round(halfSecondMs + halfTrip),
      };
    },
  };
}

function clockFailure(type: 'provider-unavailable' | 'provider-answer-unknown', happened: string): DrError {
  return new DrError(type, {
    happened,
    meaning: 'Whether its clock agrees with the worker’s is not known.',
    next: 'Check the clock of the worker’s machine: timedatectl status',
  });
}

function nameOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
