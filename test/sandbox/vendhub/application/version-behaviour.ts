import type { Log } from './log.ts';

/** What a version does besides its work. */
export interface VersionBehaviour {
  readonly version: string;
  /** Called before the application listens. */
  readonly beforeStart: () => void;
  /** Called before each request of the JSON API. */
  readonly beforeRequest: () => void;
}

const defaultRequestsUntilCrash = 10;

/**
 * Versions crash on demand, by their name: `…crash-on-start` before listening, `…crash-after-requests` (10 of the
 * JSON API) or `…crash-after-3-requests` at that request. Every other version behaves.
 */
export function versionBehaviour(version: string, log: Log): VersionBehaviour {
  const crash = (reason: string): never => {
    log('error', 'fatal', { reason });
    process.exit(1);
  };
  const afterRequests = /crash-after-(?:(\d+)-)?requests/.exec(version);
  const requestsUntilCrash = afterRequests
    ? Number(afterRequests[1] ?? defaultRequestsUntilCrash)
    : Number.POSITIVE_INFINITY;
  let requests = 0;
  return {
    version,
    beforeStart: () => {
      if (version.includes('crash-on-start')) crash('cannot read the price list of undefined');
    },
    beforeRequest: () => {
      requests += 1;
      if (requests >= requestsUntilCrash) crash(`memory exhausted after ${requests} requests`);
    },
  };
}
