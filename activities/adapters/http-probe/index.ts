import { performance } from 'node:perf_hooks';
import { Agent, request } from 'undici';
import type { ApplicationProbe } from '../../ports.ts';

const longestDetail = 200;

// A new connection each time, as a new user has it; an open one would hide that nothing listens any more.
const connections = new Agent({ pipelining: 0 });

/**
 * The {@link ApplicationProbe} over HTTP: any 2xx is healthy; everything else, no answer included, is not.
 *
 * @param target.healthUrl the application's health endpoint, as its users reach it
 * @param target.timeoutMs for one probe, from connecting to the last byte
 */
export function createHttpProbe(target: {
  readonly healthUrl: string;
  readonly timeoutMs: number;
}): ApplicationProbe {
  return {
    probe: async () => {
      const startedAt = performance.now();
      const { healthy, detail } = await ask(target.healthUrl, target.timeoutMs);
      return { healthy, latencyMs: Math.round(performance.now() - startedAt), detail };
    },
  };
}

async function ask(healthUrl: string, timeoutMs: number) {
  try {
    const { statusCode, body } = await request(healthUrl, {
      dispatcher: connections,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = (await body.text()).slice(0, longestDetail);
    return { healthy: statusCode >= 200 && statusCode < 300, detail: `HTTP ${statusCode} ${text}`.trim() };
  } catch (error) {
    return { healthy: false, detail: `no answer within ${timeoutMs} ms or at all (${failure(error)})` };
  }
}

function failure(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
