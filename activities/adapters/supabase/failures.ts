import { DrError } from '../../errors.ts';
import { refusalMessage } from './refusal-message.ts';

type HeaderValue = string | string[] | undefined;

function seconds(value: HeaderValue): number | undefined {
  const parsed = Number(Array.isArray(value) ? value[0] : value);
  return value !== undefined && Number.isFinite(parsed) && parsed >= 0 ? parsed : undefined;
}

// The API sends the seconds that remain; gateways in front of such APIs also send the moment itself.
const smallestUnixMoment = 1_000_000_000;

/** How long to wait after a 429, in ms; undefined when the answer does not say. */
export function retryAfterMs(headers: Readonly<Record<string, HeaderValue>>, now: Date): number | undefined {
  const reset = seconds(headers['x-ratelimit-reset']) ?? seconds(headers['retry-after']);
  if (reset === undefined) return undefined;
  const remaining = reset >= smallestUnixMoment ? reset - now.getTime() / 1000 : reset;
  return Math.max(0, Math.ceil(remaining * 1000));
}

/** A gateway that answers so gave up waiting; whether the request had gone through by then, it does not say. */
export const gatewayGaveUp: ReadonlySet<number> = new Set([408, 499]);

/** The failure that an answer other than success stands for. */
export function answerFailure(answer: {
  /** What was asked, for the text: `reading the project status`. */
  readonly purpose: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly bodyText: string;
  /** Blanked should the provider repeat them. */
  readonly secrets: readonly string[];
}): DrError {
  const { purpose, status } = answer;
  const message = refusalMessage(answer.bodyText, answer.secrets);
  if (status === 401 || status === 403) {
    return new DrError('provider-unauthorized', {
      happened: `Supabase refused the access token when ${purpose} (${status}: ${message}).`,
      meaning: 'Nothing can be read or changed at Supabase with this token.',
      next: 'Create a token with rights on this project, set SUPABASE_ACCESS_TOKEN, restart the worker, then retry.',
    });
  }
  if (status === 429) {
    const waitMs = retryAfterMs(answer.headers, new Date());
    return new DrError(
      'provider-rate-limited',
      {
        happened: `Supabase answered 429 (too many requests) when ${purpose}.`,
        meaning: 'The step waits and tries again by itself.',
        next: 'Stop other scripts that use the same token if this goes on.',
      },
      waitMs === undefined ? {} : { retryAfterMs: waitMs },
    );
  }
  if (status >= 500) {
    return new DrError('provider-unavailable', {
      happened: `Supabase answered ${status} when ${purpose} (${message}).`,
      meaning: 'The Management API has a problem; the database may still run.',
      next: 'The step tries again by itself. See https://status.supabase.com if this goes on.',
    });
  }
  if (gatewayGaveUp.has(status)) {
    return new DrError('provider-timeout', {
      happened: `A gateway before Supabase gave up waiting when ${purpose} (${status}).`,
      meaning: 'It is not known whether the request was carried out.',
      next: 'The step tries again by itself. See https://status.supabase.com if this goes on.',
    });
  }
  if (status >= 400) {
    return new DrError('provider-refused', {
      happened: `Supabase refused when ${purpose} (${status}: ${message}).`,
      meaning: 'Asking the same again gives the same answer.',
      next: 'Read the message; check the project reference and what the plan of this project allows, then retry.',
    });
  }
  return unknownAnswer(purpose, `status ${status}`);
}

/** The failure of an answer that this version cannot read. */
export function unknownAnswer(purpose: string, detail: string, cause?: unknown): DrError {
  return new DrError(
    'provider-answer-unknown',
    {
      happened: `Supabase gave an answer that this version does not understand when ${purpose} (${detail}).`,
      meaning: 'The API may have changed; what it said was not used.',
      next: 'Look at the project in the Supabase dashboard and decide by what it shows; report the changed answer.',
    },
    { cause },
  );
}

/** The failure of a request that got no answer at all. */
export function connectionFailure(purpose: string, cause: unknown, timeoutMs: number): DrError {
  if (isTimeout(cause)) {
    return new DrError(
      'provider-timeout',
      {
        happened: `Supabase did not answer within ${timeoutMs} ms when ${purpose}.`,
        meaning: 'It is not known whether the request was carried out.',
        next: 'The step tries again by itself. See https://status.supabase.com if this goes on.',
      },
      { cause },
    );
  }
  return new DrError(
    'provider-unavailable',
    {
      happened: `The connection to Supabase failed when ${purpose} (${errorCode(cause)}).`,
      meaning: 'Supabase or the way there has a problem; the database may still run.',
      next: 'The step tries again by itself. Check the network of the worker if this goes on.',
    },
    { cause },
  );
}

/** Whether a request ended because time was up. */
export function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'TimeoutError' ||
    /^UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT$|^ETIMEDOUT$/.test(errorCode(error))
  );
}

/** The system's or the library's code of an error; its message could hold what was sent. */
export function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
