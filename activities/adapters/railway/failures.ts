import { DrError } from '../../errors.ts';

type HeaderValue = string | string[] | undefined;

/** How long a `Retry-After` header (seconds or an HTTP date) asks to wait, in ms; undefined when it does not say. */
export function retryAfterMs(header: HeaderValue, now: Date): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || text.trim() === '') return undefined;
  const waitMs = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isFinite(waitMs) ? Math.max(0, Math.ceil(waitMs)) : undefined;
}

/** The failure of a token that may not do what was asked. */
export function unauthorized(purpose: string, detail: string): DrError {
  return new DrError('provider-unauthorized', {
    happened: `Railway refused the token when ${purpose} (${detail}).`,
    meaning: 'The application cannot be read or changed at Railway with this token.',
    next: 'Create a token for this project and environment, give it to the worker, restart the worker, then retry.',
  });
}

/** The failure of too many requests. */
export function rateLimited(purpose: string, waitMs: number | undefined): DrError {
  return new DrError(
    'provider-rate-limited',
    {
      happened: `Railway answered 429 (too many requests) when ${purpose}.`,
      meaning: 'The step waits and tries again by itself.',
      next: 'Stop other scripts that use the same token if this goes on.',
    },
    waitMs === undefined ? {} : { retryAfterMs: waitMs },
  );
}

/** The failure of Railway's own side, or of the way there. */
export function unavailable(purpose: string, detail: string, cause?: unknown): DrError {
  return new DrError(
    'provider-unavailable',
    {
      happened: `Railway could not be asked when ${purpose} (${detail}).`,
      meaning: 'The application may still run; how it stands is not known.',
      next: 'The step tries again by itself. See https://status.railway.com if this goes on.',
    },
    { cause },
  );
}

/** The failure of an answer that did not come in time. */
export function timedOut(purpose: string, timeoutMs: number, cause: unknown): DrError {
  return new DrError(
    'provider-timeout',
    {
      happened: `Railway did not answer within ${timeoutMs} ms when ${purpose}.`,
      meaning: 'It is not known whether the request was carried out.',
      next: 'The step tries again by itself. See https://status.railway.com if this goes on.',
    },
    { cause },
  );
}

/** The failure of a request that Railway understood and did not carry out. */
export function refused(purpose: string, message: string): DrError {
  return new DrError('provider-refused', {
    happened: `Railway refused when ${purpose}: ${message}.`,
    meaning: 'Nothing was changed; asking the same again gives the same answer.',
    next: "Read the message, look at the service's deployments in Railway, then retry or abort.",
  });
}

/** The failure of an answer that this version cannot read. */
export function unknownAnswer(purpose: string, detail: string, cause?: unknown): DrError {
  return new DrError(
    'provider-answer-unknown',
    {
      happened: `Railway gave an answer that this version does not understand when ${purpose} (${detail}).`,
      meaning: 'The API may have changed; what it said was not used.',
      next: 'Look at the service in Railway and decide by what it shows; report the changed answer.',
    },
    { cause },
  );
}
