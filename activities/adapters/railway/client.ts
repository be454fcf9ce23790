import { Agent, request } from 'undici';
import { z } from 'zod';
import type { RailwayAccess } from './access.ts';
import {
  rateLimited,
  refused,
  retryAfterMs,
  timedOut,
  unauthorized,
  unavailable,
  unknownAnswer,
} from './failures.ts';
import type { RailwayOperation } from './operation.ts';

const envelope = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

const longestMessage = 300;

// One connection a request: an idle one that the other side has closed looks like a failed request later.
const connections = new Agent({ pipelining: 0 });

/**
 * Sends one GraphQL operation and reads its answer. Nothing is tried again here: Temporal does that.
 *
 * @throws DrError `provider-unauthorized`, `provider-rate-limited` (with `retryAfterMs`), `provider-unavailable`,
 * `provider-timeout`, `provider-refused` (also for HTTP 200 with `errors`), `provider-answer-unknown`
 */
export async function execute<Variables extends Record<string, unknown>, Answer>(
  access: RailwayAccess,
  wanted: RailwayOperation<Variables, Answer>,
  variables: Variables,
): Promise<Answer> {
  const { purpose } = wanted;
  const { status, retryAfter, text } = await send(access, purpose, { query: wanted.document, variables });
  if (status === 401 || status === 403) throw unauthorized(purpose, `HTTP ${status}`);
  if (status === 429) throw rateLimited(purpose, retryAfterMs(retryAfter, new Date()));
  if (status >= 500) throw unavailable(purpose, `HTTP ${status}`);

  const body = envelope.safeParse(parseJson(text));
  if (!body.success) throw unknownAnswer(purpose, `HTTP ${status}, no GraphQL answer`, body.error);
  const { data, errors = [] } = body.data;
  if (errors.length > 0) {
    const message = errors
      .map((error) => error.message)
      .join('; ')
      .replaceAll(access.token.value, '…')
      .slice(0, longestMessage);
    throw /not authorized/i.test(message) ? unauthorized(purpose, message) : refused(purpose, message);
  }
  const answer = wanted.answer.safeParse(data);
  if (answer.success && status === 200) return answer.data;
  const where = answer.error?.issues.map((issue) => issue.path.join('.') || 'the whole').join(', ');
  throw unknownAnswer(purpose, `HTTP ${status}, unexpected at: ${where ?? 'the status'}`, answer.error);
}

async function send(access: RailwayAccess, purpose: string, body: unknown) {
  const { token, timeoutMs } = access;
  try {
    const response = await request(access.endpoint, {
      method: 'POST',
      dispatcher: connections,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token.kind === 'project'
          ? { 'project-access-token': token.value }
          : { authorization: `Bearer ${token.value}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.body.text();
    return { status: response.statusCode, retryAfter: response.headers['retry-after'], text };
  } catch (error) {
    if (isTimeout(error)) throw timedOut(purpose, timeoutMs, error);
    throw unavailable(purpose, errorCode(error), error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTimeout(error: unknown): boolean {
  if (error instanceof Error && error.name === 'TimeoutError') return true;
  return /^UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT$|^ETIMEDOUT$/.test(errorCode(error));
}

/** The code of an error; its message could hold what was sent. */
function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
