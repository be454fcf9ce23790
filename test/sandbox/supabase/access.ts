import type { MiddlewareHandler } from 'hono';
import type { SandboxEnvironment } from '../http/observe.ts';

const windowMs = 60_000;

/** Refuses requests without the token (401), then those above the limit of one minute (429), as the real API does. */
export function access(options: {
  readonly accessToken: string;
  readonly requestsPerMinute: number;
}): MiddlewareHandler<SandboxEnvironment> {
  const { accessToken, requestsPerMinute } = options;
  let windowEndsAt = 0;
  let used = 0;
  return async (context, next) => {
    if (context.req.header('authorization') !== `Bearer ${accessToken}`) {
      return context.json({ message: 'Unauthorized' }, 401);
    }
    const now = Date.now();
    if (now >= windowEndsAt) {
      windowEndsAt = now + windowMs;
      used = 0;
    }
    used += 1;
    context.header('x-ratelimit-limit', String(requestsPerMinute));
    context.header('x-ratelimit-remaining', String(Math.max(0, requestsPerMinute - used)));
    context.header('x-ratelimit-reset', String(Math.ceil((windowEndsAt - now) / 1000)));
    if (used > requestsPerMinute) {
      return context.json({ message: 'ThrottlerException: Too Many Requests' }, 429);
    }
    return next();
  };
}
